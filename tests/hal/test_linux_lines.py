"""Lines of a GPIO chip as `machine.Pin`, over a stand-in for libgpiod: no kernel here has a chip."""

import inspect
import queue

import pytest

from hal.linux import machine
from tests.hal.linux_tree import Bias, Direction, Edge, LineSettings, Value, lines, tree

__all__ = ["lines", "tree"]
ENOUGH_S = 10
"""Longest wait for a thread; it answers within milliseconds."""


def test_an_output_is_asked_for_with_its_first_level(lines):
    pin = machine.Pin("gpiochip0:17", machine.Pin.OUT, value=1)
    request = lines["gpiochip0", 17]
    assert (request.chip, request.consumer) == ("/dev/gpiochip0", "mode3")
    assert request.settings.options == {"direction": Direction.OUTPUT, "output_value": Value.ACTIVE}
    assert pin.value() == 1
    pin.off()
    assert (pin.value(), request.level) == (0, Value.INACTIVE)
    pin.on()
    pin(0)
    assert pin() == 0


@pytest.mark.parametrize(
    ("pull", "bias"),
    [(-1, Bias.AS_IS), (machine.Pin.PULL_UP, Bias.PULL_UP), (machine.Pin.PULL_DOWN, Bias.PULL_DOWN)],
)
def test_an_input_has_its_resistor(lines, pull, bias):
    pin = machine.Pin("gpiochip4:3", machine.Pin.IN, pull)
    request = lines["gpiochip4", 3]
    assert request.settings.options == {"direction": Direction.INPUT, "bias": bias}
    request.pull(1)
    assert pin.value() == 1


def test_a_line_that_somebody_else_uses_is_refused_by_the_kernel(lines):
    machine.Pin("gpiochip0:17", machine.Pin.OUT)
    with pytest.raises(OSError, match="busy"):
        machine.Pin("gpiochip0:17", machine.Pin.IN)


def test_a_line_becomes_something_else_without_being_let_go(lines):
    pin = machine.Pin("gpiochip0:5", machine.Pin.IN)
    pin.init(machine.Pin.OUT, value=1)
    assert lines["gpiochip0", 5].settings.options["direction"] == Direction.OUTPUT
    assert pin.value() == 1


@pytest.mark.parametrize("name", ["pwmchip0/0", "iio:device0/3"])
def test_what_is_no_line_is_only_named(lines, name):
    pin = machine.Pin(name)
    assert machine.Pin(pin).name == name
    assert not lines


@pytest.mark.parametrize(
    ("trigger", "edge", "told"),
    [
        (machine.Pin.IRQ_RISING, Edge.RISING, 2),
        (machine.Pin.IRQ_FALLING, Edge.FALLING, 1),
        (machine.Pin.IRQ_RISING | machine.Pin.IRQ_FALLING, Edge.BOTH, 3),
    ],
)
def test_every_edge_is_told_however_short_the_pulse(lines, trigger, edge, told):
    heard: queue.Queue = queue.Queue()
    pin = machine.Pin("gpiochip0:25", machine.Pin.IN)
    pin.irq(heard.put, trigger)
    request = lines["gpiochip0", 25]
    assert request.settings.options["edge_detection"] == edge
    assert request.settings.options["direction"] == Direction.INPUT
    request.pull(1, 0, 1)
    assert [heard.get(timeout=ENOUGH_S) for _ in range(told)] == [pin] * told
    # A later one after the thread has slept; and the level can be read meanwhile.
    request.pull(0, 1)
    for _ in range({1: 1, 2: 1, 3: 2}[told]):
        heard.get(timeout=ENOUGH_S)
    assert pin.value() == 1
    pin.irq(None)
    assert request.settings.options["edge_detection"] == Edge.NONE
    request.pull(0, 1)
    assert heard.empty()


def test_the_stand_in_has_the_names_of_the_library():
    gpiod = pytest.importorskip(
        "gpiod", reason="gpiod is not installed: the stand-in is compared with nothing"
    )
    from gpiod import line

    for kind in (Bias, Direction, Edge, Value):
        assert {name for name in vars(kind) if name.isupper()} <= set(dir(getattr(line, kind.__name__)))
    asked = inspect.signature(gpiod.request_lines).parameters
    assert {"path", "consumer", "config"} <= set(asked)
    for name in ("get_value", "set_value", "reconfigure_lines", "read_edge_events", "fd"):
        assert hasattr(gpiod.LineRequest, name)
    LineSettings(**dict.fromkeys(["direction", "edge_detection", "bias", "output_value"]))
    assert {"direction", "edge_detection", "bias", "output_value"} <= set(
        inspect.signature(gpiod.LineSettings).parameters
    )
