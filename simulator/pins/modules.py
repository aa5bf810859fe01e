"""The modules that a driver finds on a chip, by name; each is an object whose attributes are the module's."""

import sys

from simulator.pins import machine, memory

TICKS = 0x3FFFFFFF
"""Where ticks wrap (py/smallint.h of a 32-bit build)."""


class Module:
    """Stands in `sys.modules`; what it lacks itself it takes from `behind`, a real module or None."""

    def __init__(self, names, behind=None):
        self._behind = behind
        for name, value in names.items():
            setattr(self, name, value)

    def __getattr__(self, name):
        if name.startswith("__") or self._behind is None:
            raise AttributeError("this chip's module has no attribute '%s'" % name)
        return getattr(self._behind, name)


def of(chip):
    """Name to module."""
    ram = memory.Memory()
    found = {
        "machine": Module(machine.names(chip)),
        "uctypes": Module({"addressof": ram.address}),
        "micropython": Module(_interpreter(chip), _real("micropython")),
    }
    if chip.rules.family == "rp2":
        from simulator.pins import rp2

        found["rp2"] = Module(rp2.names(chip, ram))
        if not _on_micropython():
            __import__("asyncio")  # and with it `threading`, which keeps the real one
        second = {"start_new_thread": chip.second.start, "stack_size": chip.second.stack_size}
        found["_thread"] = Module(second, __import__("_thread"))
    else:
        from simulator.pins import esp32

        found["esp32"] = Module(esp32.names(chip))
    from simulator.pins import network

    found["network"] = Module(network.names(chip))
    if _on_micropython():
        found["time"] = Module(_times(chip), _real("time"))
    return found


def times(chip):
    """Functions that `time` has on a board and not on CPython."""
    return {} if _on_micropython() else _times(chip)


def _times(chip):
    def ticks_us():
        chip.spend(1)  # so that who waits in a loop gets on
        return chip.now_us & TICKS

    def ticks_ms():
        chip.spend(1)
        return chip.now_us // 1000 & TICKS

    def sleep_us(us):
        chip.sleep(max(us, 0))

    def sleep_ms(ms):
        chip.sleep(max(ms, 0) * 1000)

    found = {"ticks_us": ticks_us, "ticks_ms": ticks_ms, "sleep_us": sleep_us, "sleep_ms": sleep_ms}  # type: dict
    found.update({"ticks_add": _ticks_add, "ticks_diff": _ticks_diff})
    return found


def _ticks_add(ticks, delta):
    return ticks + delta & TICKS


def _ticks_diff(later, earlier):
    half = (TICKS + 1) // 2
    return (later - earlier + half & TICKS) - half


def _interpreter(chip):
    def schedule(function, argument):
        """As the ports': soon, between two bytecodes."""
        lost = chip.lost
        chip.interrupt(function, argument, False)
        if chip.lost > lost:
            raise RuntimeError("schedule queue full")

    names = {"schedule": schedule}  # type: dict
    if not _on_micropython():
        names["const"] = lambda value: value
        names["alloc_emergency_exception_buf"] = lambda size: None
    return names


def _real(name):
    return __import__(name) if _on_micropython() else None


def _on_micropython():
    return sys.implementation.name == "micropython"
