"""The bundled scenarios notice each expectation that is changed, and a broken charger."""

import pytest

from control import controller, faults, offer
from firmware import authoriser, charger, clock, connector, standing, transaction
from ocpp_client.dates import Dates
from simulator import scenario
from simulator.portable.contactor import Contactor
from simulator.story import scenario_file
from simulator.story.patterns import Want
from tests.simulator.scenarios_played import NAMES, outcome


@pytest.mark.parametrize("name", NAMES)
def test_every_expectation_at_the_end_counts(name):
    """Each value that is expected, changed into another, is missed."""
    played = outcome(name)
    for expect, change in _changes(name):
        assert expect.failures(played.events, played.frames, played.summary), change


def _changes(name):
    """The expectations of a scenario, each time with one of them made wrong."""
    patterns = [
        (kind, at) for kind in ("events", "sent", "transactions", "connectors") for at in _places(name, kind)
    ]
    for kind, at in patterns:
        for field in getattr(scenario_file.load(name).expect, kind)[at].wants:
            expect = scenario_file.load(name).expect
            getattr(expect, kind)[at].wants[field] = Want("something else")
            yield expect, f"{kind} {at + 1}: {field}"
    for kind in ("events", "sent"):
        if _places(name, kind):
            expect = scenario_file.load(name).expect
            getattr(expect, kind).reverse()
            yield expect, f"{kind} in reverse"
    for action in scenario_file.load(name).expect.frames:
        expect = scenario_file.load(name).expect
        expect.frames[action] = Want(1000)
        yield expect, f"frames: {action}"
    expect = scenario_file.load(name).expect
    expect.transactions.append(expect.transactions[0])
    yield expect, "one transaction more"


def _places(name, kind):
    return range(len(getattr(scenario_file.load(name).expect, kind)))


async def _anybody(self, id_tag):
    return authoriser.ACCEPTED, "nobody asked"


def _stop_at_start(self, meter_wh):
    return {**_STOP_RECORD(self, meter_wh), "meter_wh": self.meter_wh}


def _stop_for_another_reason(self, reason, id_tag=""):
    return _STOP(self, "Local", id_tag)


def _now(self, stamp):
    return _UNIX_MS(self, self.stamp())


def _present_time(self, sequence, record):
    return self._clock.unix_ms(self._clock.stamp())


def _quick_row(row):
    return faults.Row(row.code, row.name, good_ms=1000, tries=3, unplug=True)


def _recover_from_restart(self, cause):
    _RECOVER(self, "software")


_STOP_RECORD = transaction.Transaction.stop_record


_STOP = connector.Connector.stop


_UNIX_MS = clock.Clock.unix_ms


_RECOVER = charger.Charger.recover


BROKEN = {
    "first_charge": ("the bill is zero", transaction.Transaction, "stop_record", _stop_at_start),
    "plug_and_charge": ("every stop is called Local", connector.Connector, "stop", _stop_for_another_reason),
    "card": ("anybody may charge", authoriser.Authoriser, "ask", _anybody),
    "remote_start_stop": ("a remote stop is promised only", charger.Charger, "remote_stop", lambda *_: True),
    "unplug_while_charging": (
        "the contactor waits for its lease to end",
        Contactor,
        "drop",
        lambda self: None,
    ),
    "backend_away": ("everything is stamped when it is sent", clock.Clock, "unix_ms", _now),
    "power_cut": ("a cut is called a restart", charger.Charger, "recover", _recover_from_restart),
    "rcd_trip": ("a trip ends by itself", faults, "ROWS", tuple(map(_quick_row, faults.ROWS))),
    "car_pauses": (
        "a pause is called charging",
        standing,
        "_while_running",
        lambda connector, now_ms: "Finishing" if connector.transaction.ending() else "Charging",
    ),
    "limit_changed": ("the offer rises at any time", offer, "RISE_EVERY_MS", 0),
    "two_connectors": (
        "everybody gets the first connector",
        charger.Charger,
        "_choose",
        lambda self, number: self.connectors[0],
    ),
    "noisy_pilot": ("no level is illegal", controller.Controller, "_pilot_causes", lambda self, level: 0),
    "mobile_network": ("an end is stamped when it is sent", Dates, "tell", _present_time),
    "welded_contactor": ("a weld is forgotten without power", faults.Faults, "restore", lambda *_: None),
}
"""By scenario: what is broken, and what is put in whose place."""


def test_every_scenario_has_its_defect():
    assert set(BROKEN) == set(NAMES)


@pytest.mark.parametrize("name", BROKEN)
def test_the_scenario_notices_a_broken_charger(name, monkeypatch):
    monkeypatch.setattr(*BROKEN[name][1:])

    assert scenario.play(scenario_file.load(name)).failures
