"""Draws the state diagrams of ARCHITECTURE.md from the tables they show.

`python -m tests.diagrams` renews them.
"""

import re
from pathlib import Path

from control import residual, states

DOCUMENT = Path(__file__).parent.parent / "ARCHITECTURE.md"

CONNECTOR_CONDITIONS = {
    states.FAULT: "fault",
    states.SOUND: "no fault",
    states.KNOWN: "pilot known",
    states.PLUGGED: "plugged",
    states.AWAY: "unplugged",
    states.OFFERABLE: "may offer",
    states.WITHDRAWN: "offer withdrawn",
    states.CLOSABLE: "may close",
    states.RELEASED: "car not ready",
    states.LET_GO: "car let go, or 6 s",
    states.DROWSY: "no answer for 30 s",
    states.AWAKE: "wake-up over",
}
RCD_CONDITIONS = {
    residual.TRIP: "trip",
    residual.QUIET: "no trip",
    residual.TESTABLE: "car plugged in (or a trip to recover from), contactor open",
    residual.LATE: "300 ms over",
    residual.CAR_GONE: "unplugged",
    residual.DUE: "a day since the test, contactor open",
    residual.RECOVERABLE: "unplugged, contactor open",
    residual.CLOSED: "contactor not seen open",
}


def diagram(names: tuple[str, ...], transitions: tuple, conditions: dict[int, str], first: int) -> str:
    """A Mermaid state diagram of a table whose rows are ((condition, next state), ...) by state."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {names[first]}"]
    for state, row in enumerate(transitions):
        for condition, following in row:
            lines.append(f"    {names[state]} --> {names[following]}: {conditions[condition]}")
    return "\n".join([*lines, "```"])


def diagrams() -> dict[str, str]:
    """Every diagram by the name that marks its place in the document."""
    return {
        "connector": diagram(states.NAMES, states.TRANSITIONS, CONNECTOR_CONDITIONS, states.STARTING),
        "rcd": diagram(residual.NAMES, residual.TRANSITIONS, RCD_CONDITIONS, residual.UNTESTED),
    }


def renewed(text: str) -> str:
    """`text` with each block between `<!-- NAME -->` and `<!-- /NAME -->` drawn anew."""
    for name, drawn in diagrams().items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        # No backslash in a diagram means anything to the replacement.
        text, count = re.subn(pattern, rf"\1{drawn}\n\2", text, flags=re.S)
        if count != 1:
            raise ValueError(f"the document has {count} places for the diagram '{name}', and one is needed")
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
