"""Puts a chip's modules where `import` finds them, and takes them away again."""

import sys

DRIVERS = ("hal.silicon", "hal.gpio", "hal.rp2", "hal.esp32", "hal.wifi")
"""What is imported anew for each chip, as its modules hold on to those of the chip."""


class Installation:
    """A context manager over `found` (name to module) and `times`, functions that CPython's `time` lacks."""

    def __init__(self, found, times, chip):
        self._modules = found
        self._times = times
        self._chip = chip
        self._before = {}
        self._drivers = {}

    def __enter__(self):
        self._drivers = _take_drivers()
        for name in self._modules:
            self._before[name] = sys.modules.get(name)
            sys.modules[name] = self._modules[name]
        self._before_times = _swap_times(self._times)
        return self._chip

    def __exit__(self, *error):
        self._chip.second.kill()
        _swap_times(self._before_times)
        for name, module in self._before.items():
            if module is None:
                sys.modules.pop(name)
            else:
                sys.modules[name] = module
        self._before = {}
        _take_drivers()
        _put_drivers(self._drivers)
        return False

    def renew(self):
        """The processor has restarted: what it had imported is gone."""
        if self._before:
            _take_drivers()


def _swap_times(times):
    """Set functions of the module `time`, or take away those that are None; returns what was there."""
    before = {}
    if times:
        import time

        for name, function in times.items():
            before[name] = getattr(time, name, None)
            if function is None:
                delattr(time, name)
            else:
                setattr(time, name, function)
    return before


def _take_drivers():
    taken = {}
    for name in list(sys.modules):
        if _drives(name):
            taken[name] = sys.modules.pop(name)
    for name in taken:
        parent, last = _parent(name, taken)
        if hasattr(parent, last):
            delattr(parent, last)
    return taken


def _put_drivers(taken):
    for name, module in taken.items():
        sys.modules[name] = module
    for name, module in taken.items():
        parent, last = _parent(name, taken)
        setattr(parent, last, module)


def _parent(name, taken):
    package, _, last = name.rpartition(".")
    return taken.get(package) or sys.modules.get(package), last


def _drives(name):
    return bool([driver for driver in DRIVERS if name == driver or name.startswith(driver + ".")])
