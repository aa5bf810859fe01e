"""The firmware keeps the ports of the OCPP client, without inheriting what a board has no room for."""

import inspect

import pytest

from firmware.charger import Charger
from firmware.clock import Clock
from firmware.journal import Journal
from ocpp_client import ports
from tests.firmware.stage import play


@pytest.mark.parametrize(
    ("port", "keeper"), [(ports.Charger, Charger), (ports.Store, Journal), (ports.Clock, Clock)]
)
def test_every_method_of_a_port_is_there_and_takes_as_much(port, keeper):
    methods = inspect.getmembers(port, inspect.isfunction)
    assert methods
    for name, method in methods:
        asked, kept = inspect.signature(method), inspect.signature(getattr(keeper, name))
        assert needed(kept) == needed(asked), name
        assert len(kept.parameters) >= len(asked.parameters), name


def needed(signature):
    """How many arguments must be given."""
    return sum(parameter.default is parameter.empty for parameter in signature.parameters.values())


def test_the_charger_says_who_it_is():
    facts = {name: value for name, value in vars(ports.Charger).items() if type(value) in (str, int)}

    async def story(stage):
        for name, value in facts.items():
            if not name.startswith("__"):
                assert type(getattr(stage.charger, name)) is type(value), name

    play(story)
