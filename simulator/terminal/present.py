"""What happens on a bench, as lines for people: when, who, what, with units."""

from collections.abc import Callable

from control import faults
from simulator.terminal import frames
from simulator.terminal.wording import amperes, kwh, limit, pause

LONGEST = 300
"""Characters of a line's text; a stranger's frame may hold a book."""


def line(entry):
    """The line for an entry of a bench's events or frames, or None where people need none."""
    who, text = frames.told(entry) if "frame" in entry else _event(entry)
    return told(entry["t_ms"], who, text) if text else None


def told(t_ms, who, text):
    """A line of what `who` does or says at this simulated time."""
    return f"{_moment(t_ms)}  {who:<11}  {_clean(text)}"


def _moment(t_ms):
    """Simulated time as hours, minutes, seconds and tenths."""
    seconds = t_ms // 1000
    return f"{seconds // 3600:3d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{t_ms % 1000 // 100}"


def _clean(text):
    """Nothing that a terminal would obey, and no more than fits."""
    shown = "".join(character if character.isprintable() else "?" for character in text[: LONGEST + 1])
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + "..."


def _event(entry):
    source, event = entry["source"], entry["event"]
    who = f"connector {entry['connector']}" if "connector" in entry else source
    if source == "world":
        who = "world"
    known = _EVENTS.get((source, event), _any_event)
    return who, known(entry)


def _any_event(entry):
    """An event that has no words of its own yet: its name and its details."""
    details = [f"{name}={value}" for name, value in entry.items() if name not in _EVERYWHERE]
    return " ".join([entry["event"].replace("_", " "), *details])


_STOPPING = {row.name for row in faults.ROWS if row.effect != faults.WARNS}
_WARNINGS = {row.name for row in faults.ROWS} - _STOPPING
"""Names of the faults with which charging always goes on."""
_EVERYWHERE = ("t_ms", "source", "event", "connector", "at_tick_ms")


def _status(entry):
    reason = entry["error"]
    if entry["status"] in ("SuspendedEVSE", "Unavailable"):
        # What is wrong beside it has had its own line.
        reason = pause(entry.get("reason", "")) or reason
    return f"status {entry['status']}" + (f" ({reason})" if reason else "")


def _availability(entry):
    change = "back into service" if entry["operative"] else "out of service"
    when = ", when what runs has ended" if entry["status"] == "Scheduled" else ""
    return f"the operator takes it {change}{when}"


def _stopping(entry):
    cause = f": {pause(entry['cause'])}" if entry.get("cause") else ""
    return f"transaction {entry['tx']} is stopping ({entry['reason']}){cause}"


def _fault(entry):
    warns = entry.get("warns", entry["name"] in _WARNINGS)
    return f"{'warning' if warns else 'FAULT'} {entry['name']}: {entry['wording']}"


def _offer(entry):
    if not entry["offered_ma"]:
        return "offers no current"
    return f"offers {amperes(entry['offered_ma'])} a phase ({limit(entry['reason'])})"


def _started(entry):
    return f"transaction {entry['tx']} started for {entry['id_tag']} at {kwh(entry['meter_wh'])}"


def _stopped(entry):
    return (
        f"transaction {entry['tx']} stopped ({entry['reason']}) at {kwh(entry['meter_wh'])}:"
        f" {kwh(entry['energy_wh'])} charged" + ("" if entry["metered"] else ", as far as the meter told")
    )


def _unwritten(entry):
    thing = _KEPT.get(entry["name"].partition("-")[0], entry["name"])
    return f"the flash does not take {thing} ({entry['reason']}); it is tried again"


def _tested(entry):
    if not entry["failed"]:
        return "self-test passed"
    return "SELF-TEST FAILED: " + "; ".join(entry["failed"])


def _unsafe(entry):
    return ("" if entry["energises"] else "DOES NOT CHARGE: ") + entry["reason"]


_KEPT = {
    "energy": "the energy counter",
    "latches": "which faults are latched",
    "open": "which transaction runs",
    "seen": "how far the transaction has come",
    "transactions": "the number of the next transaction",
    "note": "the note on a transaction",
    "erase": "an erase of what is no longer needed",
}
"""What the firmware keeps, by the name before the connector's number."""


def _link(entry):
    wait, _, reason = entry["state"].partition(": ")
    return f"no backend: {reason}; next try in {wait.removeprefix('waiting ')}"


def _access(entry):
    """Security settings were changed, and the change has worked or was taken back."""
    profile = f"security profile {entry['profile']}"
    if entry["changed"]:
        return f"the new security settings work: {profile} with its password"
    return f"the new security settings do not work ({entry['reason']}): back to {profile}"


def _car(doing):
    """A car comes, or something changes; what was told of it follows."""

    def words(entry):
        traits = [f"{name} {value}" for name, value in entry.items() if name not in _EVERYWHERE]
        at = f"{doing} connector {entry['connector']}"
        return f"{at}: {', '.join(traits)}" if traits else at

    return words


_EVENTS: dict[tuple[str, str], Callable] = {
    ("charger", "level"): lambda entry: None,  # the state tells it in other words
    ("charger", "state"): lambda entry: f"{entry['from']} -> {entry['to']}",
    ("charger", "plugged"): lambda entry: "a car is plugged in",
    ("charger", "unplugged"): lambda entry: "the car is unplugged",
    ("charger", "offer"): _offer,
    ("charger", "contactor"): lambda entry: f"contactor told to {'close' if entry['close'] else 'open'}",
    ("charger", "status"): _status,
    ("charger", "fault"): _fault,
    ("charger", "fault_end"): lambda entry: f"fault {entry['name']} has ended",
    ("charger", "transaction_started"): _started,
    ("charger", "transaction_stopped"): _stopped,
    ("charger", "stopping"): _stopping,
    ("charger", "availability"): _availability,
    ("charger", "unlock"): lambda entry: (
        "the plug is let go" if entry["outcome"] == "Unlocked" else "THE PLUG IS STILL LOCKED"
    ),
    ("charger", "plug_held"): lambda entry: f"the plug stays locked until card {entry['id_tag']} comes",
    ("charger", "plug_released"): lambda entry: f"the plug of card {entry['id_tag']} is let go",
    ("charger", "authorised"): lambda entry: f"card {entry['id_tag']}: {entry['by']} says {entry['status']}",
    ("charger", "start_refused"): lambda entry: f"no charge for {entry['id_tag']}: {entry['reason']}",
    ("charger", "authorisation_expired"): lambda entry: (
        f"nobody plugged in for card {entry['id_tag']} in time"
    ),
    ("charger", "stop_unwritten"): lambda entry: (
        f"the flash does not take the end of transaction {entry['tx']} ({entry['reason']}); it is tried again"
    ),
    ("charger", "unwritten"): _unwritten,
    ("charger", "rationed"): lambda entry: f"{entry['action']} is rejected: {entry['reason']}",
    ("charger", "setting_refused"): lambda entry: (
        f"the setting {entry['name']} is not in force: {entry['reason']}"
    ),
    ("charger", "task_failed"): lambda entry: f"task {entry['task']} failed: {entry['reason']}",
    ("charger", "observer_failed"): lambda entry: (
        f"somebody who listens to the charger failed, and is told nothing more: {entry['reason']}"
    ),
    ("charger", "self_test"): _tested,
    ("charger", "unsafe"): _unsafe,
    ("charger", "restart"): lambda entry: f"restarts ({entry['kind']} reset)",
    ("charger", "link"): _link,
    ("charger", "access"): _access,
    ("charger", "no_date"): lambda entry: f"no date from {entry['server']}: {entry['reason']}",
    ("charger", "mains_meter"): lambda entry: (
        "the meter of the house is silent" if entry["silent"] else "the meter of the house answers again"
    ),
    ("world", "plug"): _car("a car comes to"),
    ("world", "ev"): _car("the car changes at"),
    ("world", "unplug"): lambda entry: f"the car leaves connector {entry['connector']}",
    ("world", "swipe"): lambda entry: f"card {entry['id_tag']} is held to the reader",
    ("world", "press"): lambda entry: "the button is pressed",
    ("world", "pulse"): lambda entry: (
        f"S2 of the car at connector {entry['connector']} is the other way round for {entry['ms']} ms"
    ),
    ("world", "stall"): lambda entry: f"the processor is held up for {entry['ms']} ms",
    ("world", "world"): _car("the world changes around"),
    ("world", "fault"): lambda entry: f"fault {entry['name']} comes to connector {entry['connector']}",
    ("world", "clear"): lambda entry: f"fault {entry['name']} goes from connector {entry['connector']}",
    ("world", "power"): lambda entry: f"power {entry['to']}",
    ("world", "network"): lambda entry: "network cut" if entry["to"] == "cut" else "network restored",
    ("world", "restart"): lambda entry: f"the processor restarts ({entry['cause']})",
}
