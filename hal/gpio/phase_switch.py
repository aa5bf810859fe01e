"""Second contactor, which joins phases 2 and 3: driven while its line is high, so that a reset parts them."""

from hal.contract import PhaseSwitch
from hal.gpio.lines import line_in, line_out


class SwitchedPhases(PhaseSwitch):
    """Feedback by an auxiliary contact."""

    fitted = True

    def __init__(self, facts):
        self.phases = 1
        self._level = facts.phases_level
        self._line = line_out(facts.pins["phase_switch"], 0)
        # A broken wire reads as three phases: the car is then taken to draw from all of them.
        self._feedback = line_in(facts.pins["phase_feedback"], self._level)

    def sample(self, now_ms):
        self.phases = 3 if self._feedback.value() == self._level else 1

    def select(self, phases):
        self._line.value(1 if phases == 3 else 0)


def make(facts, number, parts):
    """The phase switch of the connector with these facts."""
    return SwitchedPhases(facts)
