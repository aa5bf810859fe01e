"""The modules of the chips have nothing that the published stubs lack, and call parameters as they do."""

import inspect

import pytest

from simulator.pins import modules
from tests.simulator.pins import stubs
from tests.simulator.pins.pin_bench import chip_of

CASES = [
    ("rp2350", "rp2", "machine"),
    ("rp2350", "rp2", "rp2"),
    ("rp2350", "rp2", "network"),
    ("esp32s3", "esp32", "machine"),
    ("esp32s3", "esp32", "esp32"),
    ("esp32s3", "esp32", "network"),
]
ATTRIBUTES = {"DMA": {"read", "write", "count", "ctrl", "channel"}}
"""Registers that the documentation has and the stub leaves out (docs.micropython.org, class rp2.DMA)."""
IMPLIED = {"__init__", "__module__", "__doc__", "__dict__", "__weakref__"}


def ours(chip, name):
    """Name to value of the chip's module."""
    found = vars(modules.of(chip_of(chip))[name])
    return {one: value for one, value in found.items() if not one.startswith("_")}


def members(kind):
    """Name to value of a class, with what it has from its own bases here."""
    found: dict = {}
    for base in reversed(kind.__mro__[:-1]):
        found |= {
            name: value
            for name, value in vars(base).items()
            if not name.startswith("_") or name == "__init__"
        }
    return found


def check(where, function, signatures):
    parameters = inspect.signature(getattr(function, "__func__", function)).parameters.values()
    named = {one.name for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)}
    known, anything = stubs.parameters(signatures)
    assert anything or named <= known | {"self", "cls"}, f"{where} takes {named - known}"


@pytest.mark.parametrize(("chip", "family", "name"), CASES)
def test_every_name_is_one_of_the_port(chip, family, name):
    known = stubs.names(stubs.module(family, name))
    assert set(ours(chip, name)) <= set(known)


@pytest.mark.parametrize(("chip", "family", "name"), CASES)
def test_classes_have_the_port_s_methods_and_parameters(chip, family, name):
    known = stubs.names(stubs.module(family, name))
    for title, value in ours(chip, name).items():
        if not inspect.isclass(value) or issubclass(value, Exception):
            continue
        allowed = dict(stubs.names(known[title]))
        if title == "SoftI2C":
            allowed = stubs.names(known["I2C"]) | {"__init__": allowed["__init__"]}
        for method, function in members(value).items():
            assert method in allowed or method in ATTRIBUTES.get(title, ()), f"{title}.{method}"
            if inspect.isroutine(function) and isinstance(allowed.get(method), list):
                check(f"{title}.{method}", function, allowed[method])


@pytest.mark.parametrize(("chip", "family", "name"), CASES)
def test_functions_have_the_port_s_parameters(chip, family, name):
    known = stubs.names(stubs.module(family, name))
    for title, value in ours(chip, name).items():
        if inspect.isroutine(value) and not inspect.isclass(value) and isinstance(known[title], list):
            named = len(inspect.signature(value).parameters)
            taken, anything = stubs.parameters(known[title])
            assert anything or named <= len(taken), title


@pytest.mark.parametrize(("chip", "family", "name"), CASES)
def test_constants_have_the_port_s_values(chip, family, name):
    tree = stubs.module(family, name)
    known = stubs.names(tree)
    compared = 0
    for title, value in ours(chip, name).items():
        of_class = members(value) if inspect.isclass(value) and not issubclass(value, Exception) else {}
        pairs = [(constant, own, known[title]) for constant, own in of_class.items()] + [(title, value, tree)]
        for constant, own, where in pairs:
            told = stubs.constant(where, constant)
            if told is not None and isinstance(own, int):
                assert own == told, f"{title}.{constant}"
                compared += 1
    assert compared or name == "esp32"


def test_what_one_port_has_the_other_has_not():
    rp2, esp32 = ours("rp2350", "machine"), ours("esp32s3", "machine")
    assert not hasattr(rp2["ADC"], "read_uv")
    assert hasattr(esp32["ADC"], "read_uv")
    assert not hasattr(esp32["Pin"], "high")
    assert "mem32" not in esp32
    assert (rp2["Pin"].OUT, esp32["Pin"].OUT) == (1, 3)
