"""What the ports' classes stand on: each chip has subclasses of its own, which know it."""


def _later():
    """Nothing yet, of any type."""
    return None


def never(*arguments, **keywords):
    """What is called only by its name in a subclass."""
    raise NotImplementedError


class Wired:
    """A class of a port's module; `bound` to a chip before anybody sees it."""

    _chip = _later()


def bound(chip, original, **more):
    """The class `original` as the chip's own."""
    members = {"_chip": chip}
    members.update(more)
    return type(original.__name__, (original,), members)
