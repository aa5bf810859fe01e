"""What a step of a scenario does: each kind is a function that returns the deed.

A deed is awaited with the `Station`. It returns what failed, as the rest of a sentence that begins with the
step's title, or an empty string.
"""

from simulator.remote import waiting
from simulator.remote.commands import Commands


class Step:
    """One step: when, and what."""

    def __init__(self, title, at_s, after_s, deed):
        self.title = title
        """For sentences: "step 3 (plug)"."""
        self.at_s = at_s
        self.after_s = after_s
        """Seconds since the start, or since the step before; None for both: at once."""
        self.deed = deed


def passing():
    """Only time passes."""

    async def deed(station):
        return ""

    return deed


def commanding(command):
    """A command of the control socket."""

    async def deed(station):
        answer = await Commands(station.bench).perform(command)
        return "" if answer["ok"] else f"could not be done: {answer['error']}"

    return deed


def ordering(order, values, wanted):
    """An order of the operator (`simulator.story.orders`), whose answer must be `wanted`; None: any yes."""

    async def deed(station):
        result = await order(station, **values)
        if result.ok if wanted is None else result.status == wanted:
            return ""
        detail = f" ({result.detail})" if result.detail else ""
        return f"was to be answered {wanted or 'with yes'}, and was answered {result.status}{detail}"

    return deed


def switching_backend(to):
    """The backend breaks its connections off and refuses more ("stop"), until it listens again ("start")."""

    async def deed(station):
        station.bench.note("world", "backend", to=to)
        if to == "start":
            station.open_backend()
        else:
            await station.close_backend()
        return ""

    return deed


def expecting(condition, within_s):
    """A condition that must come true in time."""

    async def deed(station):
        if await waiting.until(station.bench, condition, within_s):
            return ""
        when = f"within {within_s:g} s" if within_s else "now"
        return f"expected '{condition}' {when}, but {condition.shortfall()}"

    return deed


def holding(condition, during_s):
    """A condition that must be so all the time."""

    async def deed(station):
        start_ms = station.kernel.now_ms()
        if not await waiting.until(station.bench, _Breach(condition), during_s):
            return ""
        lasted_s = (station.kernel.now_ms() - start_ms) / 1000
        return f"expected '{condition}' for {during_s:g} s, but after {lasted_s:g} s {condition.shortfall()}"

    return deed


class _Breach:
    """Holds as soon as a condition does not."""

    def __init__(self, condition):
        self._condition = condition
        self.hear = condition.hear

    def holds(self):
        return not self._condition.holds()
