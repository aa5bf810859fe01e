"""One row of a table of bugs."""


class Bug:
    """What a peer had wrong."""

    def __init__(self, rule, patch, play, setup="tethered"):
        self.rule = rule
        """Number or name of the invariant that it breaks."""
        self.patch = patch
        """Called with a `pytest.MonkeyPatch`; its docstring says what was wrong."""
        self.play = play
        """Called with a `Play` whose car charges."""
        self.setup = setup

    @property
    def name(self):
        """The patch's, for people to read."""
        return self.patch.__name__
