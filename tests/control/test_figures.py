"""The figures that protect people, cars and contacts, as the standards, data sheets and habits have them."""

import pytest

from control import (
    cable,
    contactor,
    controller,
    diode,
    duty,
    faults,
    flapping,
    interlock,
    limits,
    lock,
    offer,
    operations,
    overcurrent,
    phases,
    pilot,
    post,
    power,
    protection,
    residual,
    session,
    signal,
    supply,
    thermal,
    wakeup,
)

S, MINUTES, HOURS = 1000, 60000, 3600000

FIGURES = {
    contactor: {"LEASE_MS": 100, "MISMATCH_MS": 250, "SURE": 3, "LOST": 2, "LOST_MS": 100, "DROPS": 3},
    controller: {"WITHDRAW_MS": 6 * S, "IDLE_CURRENT_MA": 1000},
    diode: {"LEAST_MV": -10000, "BAD_MS": 100, "PROOF_MS": 60},
    duty: {"STEADY_BP": 10000, "STATE_F_BP": 0, "LEAST_MA": 6000},
    faults: {"HEALTHY_MS": 1 * HOURS},
    cable: {"OPEN_OHM": 2200, "SURE_MS": 100},
    interlock: {"STABLE_MS": 500, "RECLOSE_MS": 5 * S, "FAULT_RECLOSE_MS": 30 * S},
    flapping: {"WINDOW_MS": 1 * MINUTES, "MOST": 6, "OWN_MS": 1 * S, "PATIENCE": 2},
    limits: {"SIMPLE_CAR_MA": 10000, "METER_MA": 6000, "NO_LIMIT_MA": 1000000},
    lock: {"TRY_MS": 1500, "TRIES": 3, "SLIP_MS": 100, "SURE_MS": 100},
    offer: {"RISE_EVERY_MS": 5 * S, "SLOW_RISE_MS": 60 * S, "RESUME_MS": 10 * S},
    operations: {"WINDOW_MS": 10 * MINUTES, "CYCLES": 3},
    overcurrent: {"OVER_MS": 7 * S, "MARGIN_MA": 500},
    phases: {"SETTLE_MS": 3 * S, "STRAY_MS": 300, "KNOWN_MS": 300},
    pilot: {"FILTER_MS": 100},
    post: {"INVERTED_MV": -10000, "PROOF_MS": 60, "GIVE_UP_MS": 1 * S, "TRIES": 2},
    power: {"IN_USE_MA": 1000, "DECIDE_MS": 10 * S},
    protection: {
        "FRESH_MS": 5 * S,
        "FIRST_READING_MS": 10 * S,
        "START_MS": 1 * S,
        "SLOW_MS": 100,
        "EARTH_MS": 60,
        "STALLS": 3,
        "STALLS_WITHIN_MS": 10 * MINUTES,
        "LATE_MS": 50,
        "OVERRUN_MS": 3 * S,
    },
    residual: {"ANSWER_MS": 300, "TEST_EVERY_MS": 24 * HOURS, "MOST_TRIPS": 3},
    session: {"UNPLUG_MS": 200, "SHOWN_MS": 100, "MOST_WH_S": 20, "ODD_READINGS": 10},
    signal: {"STATE_F_MS": 300},
    supply: {"OUT_MS": 5 * S, "SAG_MS": 3 * S},
    thermal: {
        "HOT_DC": 650,
        "COOL_DC": 620,
        "CRITICAL_DC": 710,
        "RESUME_DC": 550,
        "SENSOR_MS": 1 * S,
        "CRITICAL_MS": 300,
        "RISE_EVERY_MS": 30 * S,
        "RISE_MA": 1000,
    },
    wakeup: {"AFTER_MS": 30 * S},
}


@pytest.mark.parametrize("module", FIGURES, ids=lambda module: module.__name__)
def test_the_figures_of(module):
    assert {name: getattr(module, name) for name in FIGURES[module]} == FIGURES[module]
