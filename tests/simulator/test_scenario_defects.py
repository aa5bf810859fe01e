"""The bundled scenarios notice each expectation that is changed, and a broken charger."""

import pytest

from control import (
    cable,
    contactor,
    diode,
    faults,
    flapping,
    interlock,
    limits,
    lock,
    offer,
    overcurrent,
    phases,
    post,
    protection,
    residual,
    supply,
    thermal,
    wakeup,
)
from firmware import (
    admission,
    authoriser,
    balance,
    charger,
    clock,
    connector,
    denial,
    energy_management,
    health,
    latches,
    phase_choice,
    schedule,
    standing,
    transaction,
    unlocking,
    wish,
)
from ocpp_client.cache import Cache
from ocpp_client.dates import Dates
from ocpp_client.statuses import Statuses
from simulator import scenario
from simulator.portable.contactor import Contactor
from simulator.story import scenario_file
from simulator.story.patterns import Pattern, Want
from tests.simulator.scenarios_played import NAMES, outcome

NEVER_MS = 100_000_000


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
        if len(_places(name, kind)) > 1:
            expect = scenario_file.load(name).expect
            getattr(expect, kind).reverse()
            yield expect, f"{kind} in reverse"
    for action in scenario_file.load(name).expect.frames:
        expect = scenario_file.load(name).expect
        expect.frames[action] = Want(1000)
        yield expect, f"frames: {action}"
    expect = scenario_file.load(name).expect
    expect.transactions.append(Pattern("", {}))
    yield expect, "one transaction more"


def _places(name, kind):
    return range(len(getattr(scenario_file.load(name).expect, kind)))


async def _anybody(self, id_tag):
    return authoriser.ACCEPTED, "", "nobody asked"


def _stop_at_start(self, meter_wh):
    return {**_STOP_RECORD(self, meter_wh), "meter_wh": self.meter_wh}


def _stop_for_another_reason(self, reason, id_tag=""):
    return _STOP(self, "Local", id_tag)


def _now(self, stamp):
    return _UNIX_MS(self, self.stamp())


def _present_time(self, sequence, record):
    return self._clock.unix_ms(self._clock.stamp())


def _quick_row(row):
    return faults.fault(row.code, row.name, good_ms=1000, tries=3)


def _patient_row(row):
    """Whatever has ended is forgotten."""
    return faults.fault(row.code, row.name, row.good_ms, faults.ALWAYS, row.unplug_ms, row.effect, row.reboot)


def _today_only(days, begin, end, weekday, minute):
    return days >> weekday & 1 and begin <= minute < end


def _settle_at_once(self, elapsed_ms, joined, wait_ms):
    _SETTLE(self, elapsed_ms, joined, 0)


_SETTLE = phases.PhaseSwitching._settle


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
        admission.Admission,
        "_choose",
        lambda self, *_: self._connectors[0],
    ),
    "noisy_pilot": ("no level is illegal", protection.Protection, "_pilot_causes", lambda self, moment: 0),
    "mobile_network": ("an end is stamped when it is sent", Dates, "tell", _present_time),
    "welded_contactor": ("a weld is forgotten without power", faults.Faults, "restore", lambda *_: None),
    "cable_error": ("a short is a cable like another", cable, "is_invalid", lambda ohm: False),
    "car_error": ("a short of the pilot is no error", protection.Protection, "_level_causes", lambda *_: 0),
    "cp_diode": ("nobody looks at the diode", diode, "BAD_MS", NEVER_MS),
    "critical_temperature": ("a warm charger is cool enough", thermal, "RESUME_DC", 640),
    "dead_pilot": ("the self-test likes any pilot", post, "INVERTED_MV", 13000),
    "decayed_flash": ("nobody asks whether the files are whole", health, "CONFIG", 0),
    "earth_lost": ("nobody looks at the earth", protection, "EARTH_MS", NEVER_MS),
    "false_b_after_change": ("a car's dislike goes unnoticed", flapping, "PATIENCE", 100),
    "flapping_car": ("a car may swap as often as it likes", flapping, "MOST", 100),
    "getting_hot": ("the current comes back at once", thermal, "RISE_EVERY_MS", 1000),
    "load_balancing": ("room for a moment is enough", balance, "AGAIN_MS", 0),
    "loose_coil": ("contacts that drop go unnoticed", contactor.Supervision, "_watch", lambda *_: None),
    "offline_cached_card": ("once accepted, always accepted", Cache, "_status", lambda *_: "Accepted"),
    "operator_limits": ("what is asked for is promised only", wish, "amend", lambda *_: None),
    "out_of_service": ("an order changes nothing", connector.Connector, "obey", lambda self: None),
    "overrun": ("a stall is nothing", protection, "STALLS", 100),
    "over_current": ("a minute of over-current is nothing", overcurrent, "OVER_MS", 60_000),
    "phase_switching": ("no car gets a pause", phases.PhaseSwitching, "_settle", _settle_at_once),
    "pilot_taken_away": ("the pilot comes back too soon", wakeup, "_STEPS_MS", (4000, 4000)),
    "power_on_one_phase": ("three phases stay three", phase_choice, "HOLD_MS", NEVER_MS),
    "rcd_test_failed": ("a test may take as long as it likes", residual, "ANSWER_MS", NEVER_MS),
    "rcd_third_trip": ("a trip is like the one before", residual, "MOST_TRIPS", 100),
    "refused_tag": ("a cable is anybody's", denial, "hold", lambda *_: None),
    "schedule_over_midnight": ("hours end at midnight", schedule, "_holds", _today_only),
    "session_limits": ("nothing is ever enough", wish.Wish, "reached", lambda *_: ""),
    "short_pulses": ("a moment of state C is enough", interlock, "STABLE_MS", 0),
    "silent_meter": ("old readings count", protection, "FRESH_MS", NEVER_MS),
    "simple_car": ("a resistor is a car like another", limits, "SIMPLE_CAR_MA", 32_000),
    "sleepy_zoe": ("nobody is woken", wakeup, "AFTER_MS", NEVER_MS),
    "start_delay": (
        "nothing is called off",
        energy_management.EnergyManagement,
        "skip_waits",
        lambda *_: None,
    ),
    "starved_watchdog": ("a bite is forgotten", latches, "WATCHDOG", 0),
    "stuck_lock": ("a lock may try for ever", lock, "TRIES", 1_000_000),
    "stuck_open": ("there is always another try", faults, "ROWS", tuple(map(_patient_row, faults.ROWS))),
    "trigger_message": ("a status that is asked for waits too", Statuses, "triggered", lambda *_: None),
    "unlock": ("a plug stays as it is", unlocking.Unlocking, "begin", lambda self: False),
    "voltage_out_of_range": ("a minute of over-voltage is nothing", supply, "OUT_MS", 60_000),
}
"""By scenario: what is broken, and what is put in whose place."""


def test_every_scenario_has_its_defect():
    assert set(BROKEN) == set(NAMES)


@pytest.mark.parametrize("name", BROKEN)
def test_the_scenario_notices_a_broken_charger(name, monkeypatch):
    monkeypatch.setattr(*BROKEN[name][1:])

    assert scenario.play(scenario_file.load(name)).failures
