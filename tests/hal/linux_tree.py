"""Files shaped like the kernel's, in a test's folder, and a stand-in for libgpiod's request object.

The folder shows what a driver reads and writes, and in which order; it refuses nothing that a kernel would,
but for a PWM's duty cycle, which a driver must keep below the period. The stand-in has the names of gpiod 2
(`tests.hal.test_linux_lines` compares them where the library is installed) and lines that a test can pull.
"""

import os
import sys
import threading
import types
from typing import Any

import pytest


class Tree:
    """The root of the kernel's files."""

    def __init__(self, root, monkeypatch):
        from hal.linux import files

        self.root = root
        self.writes: list = []
        monkeypatch.setattr(files, "ROOT", str(root))
        writing = files.write

        def write(name, value):
            self.writes.append((name.rsplit("/", 1)[1], str(value)))
            if name.endswith("duty_cycle"):
                period = int(self.text(name.replace("duty_cycle", "period")))
                if int(value) > period:
                    raise OSError(22, "the kernel refuses a duty cycle above the period")
            writing(name, value)
            if name.endswith("/export"):
                self.pwm(name.rsplit("/", 2)[1], value)

        monkeypatch.setattr(files, "write", write)

    def put(self, name, text):
        """A file of the kernel's."""
        path = self.root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(text))

    def text(self, name):
        return (self.root / name.lstrip("/")).read_text()

    def pwm_chip(self, chip="pwmchip0"):
        self.put(f"/sys/class/pwm/{chip}/export", "")

    def pwm(self, chip, channel, polarity="normal"):
        """A channel, as it is after its export."""
        for name, text in (("period", 0), ("duty_cycle", 0), ("enable", 0), ("polarity", polarity)):
            self.put(f"/sys/class/pwm/{chip}/pwm{channel}/{name}", text)

    def adc(self, channel, raw, scale="0.805664062", device="iio:device0", **others):
        stem = f"/sys/bus/iio/devices/{device}/in_voltage{channel}"
        self.put(stem + "_raw", raw)
        if scale:
            self.put(stem + "_scale", scale)
        for name, text in others.items():
            self.put(f"{stem}_{name}", text)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    return Tree(tmp_path, monkeypatch)


class Event:
    pass


class Request:
    """What `gpiod.request_lines` gives, for one line; `pull` is the world's end of it."""

    def __init__(self, chip, consumer, config):
        self.chip, self.consumer = chip, consumer
        ((self.offset, self.settings),) = config.items()
        self.history = [self.settings]
        self.level = self.settings.options.get("output_value", Value.INACTIVE)
        self._events: list = []
        self._inside = threading.Lock()
        self.fd, self._bell = os.pipe()

    def get_value(self, offset):
        assert offset == self.offset
        with self._alone():
            return self.level

    def set_value(self, offset, value):
        assert offset == self.offset
        assert self.settings.options["direction"] == Direction.OUTPUT
        with self._alone():
            self.level = value

    def reconfigure_lines(self, config):
        ((offset, self.settings),) = config.items()
        assert offset == self.offset
        self.history.append(self.settings)
        self.level = self.settings.options.get("output_value", self.level)

    def read_edge_events(self):
        with self._alone():
            os.read(self.fd, 4096)
            events, self._events = self._events, []
            return events

    def pull(self, *levels):
        """The line changes, to each of these in turn, faster than anybody can look."""
        edge = self.settings.options.get("edge_detection", Edge.NONE)
        for level in levels:
            value = Value.ACTIVE if level else Value.INACTIVE
            rises = level and self.level is Value.INACTIVE
            falls = not level and self.level is Value.ACTIVE
            self.level = value
            if (rises and edge in (Edge.RISING, Edge.BOTH)) or (falls and edge in (Edge.FALLING, Edge.BOTH)):
                self._events.append(Event())
        if self._events:
            os.write(self._bell, b"!")

    def _alone(self):
        # "Objects of this class require external synchronization."
        assert not self._inside.locked(), "two threads use one request at once"
        return self._inside


class _Value:
    def __init__(self, level):
        self._level = level

    def __bool__(self):
        return self._level


class Value:
    INACTIVE, ACTIVE = _Value(False), _Value(True)


class Direction:
    AS_IS, INPUT, OUTPUT = "as is", "input", "output"


class Bias:
    AS_IS, PULL_UP, PULL_DOWN = "as is", "pull up", "pull down"


class Edge:
    NONE, RISING, FALLING, BOTH = "none", "rising", "falling", "both"


class LineSettings:
    def __init__(self, **options):
        unknown = set(options) - {"direction", "edge_detection", "bias", "output_value"}
        assert not unknown
        self.options = options


@pytest.fixture
def lines(monkeypatch):
    """libgpiod's stand-in; the requests that were made, by (chip, offset)."""
    requests: dict = {}

    def request_lines(path, consumer=None, config=None):
        request = Request(path, consumer, config)
        chip = path.rsplit("/", 1)[1]
        if (chip, request.offset) in requests:
            raise OSError(16, "Device or resource busy")
        requests[chip, request.offset] = request
        return request

    gpiod: Any = types.ModuleType("gpiod")
    gpiod.line = types.ModuleType("gpiod.line")
    gpiod.request_lines, gpiod.LineSettings = request_lines, LineSettings
    for kind in (Bias, Direction, Edge, Value):
        setattr(gpiod.line, kind.__name__, kind)
    monkeypatch.setitem(sys.modules, "gpiod", gpiod)
    monkeypatch.setitem(sys.modules, "gpiod.line", gpiod.line)
    return requests
