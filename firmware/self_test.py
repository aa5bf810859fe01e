"""The self-test: is the way to each part and back what it should be? At boot, and when somebody asks.

A `Probe` takes the controller's place in the tick for a few seconds, with the real parts: it drives the pilot
to +12 V and to -12 V, has the residual-current device trip, and moves the lock. It never closes a contactor,
and where a car, a trip of no test or a cable in the socket is in the way it leaves alone what that could
suffer from. What it finds is told; what a charge depends on, control tests again before each one.
"""

from control import cable, pilot, states
from control.faults import WARNINGS
from control.residual import ANSWER_MS
from control.ticks import diff
from firmware.services import wording
from hal.contract import STATE_F_BP, STEADY_BP

PASS, FAIL, SKIP = "pass", "fail", "skip"
PILOT_MV = 12000
PILOT_WITHIN_MV = 750
"""IEC 61851-1, table A.2: 0.6 V of the source; and 0.15 V of measurement."""
SETTLE_MS = 100
STATE_F_MS = 300
"""State F is held at least so long, whoever drives it."""
LOCK_MS = 1500
"""A lock moves within 1 s."""
METER_MS = 5000
SUPPLY_PERCENT = 10
"""EN 50160."""
COLDEST_DC, HOTTEST_DC = -400, 850
"""What an enclosure can be; outside of it a sensor is wrong."""
LONGEST_MS = 15000
"""A probe that is not through by then never will be: nothing ticks."""
LOOK_MS = 100
PATIENCE_MS = 12000
"""At boot a meter has so long for its first answer."""
FILE = "self_test"
UNSEEN = 0x1FFFFFFF
"""No reading."""

# Stages of a probe: what is done, and the next one.
_HIGH, _LOW, _BACK, _TRIP, _REARM, _LOCK, _UNLOCK, _OVER = 0, 1, 2, 3, 4, 5, 6, 7


class Probe:
    """Decides for one lane while it tests; called from the tick, so it only counts and compares."""

    def __init__(self, lockable):
        """`lockable`: there is a lock, and nothing in the socket that it would hold."""
        self.over = False
        self.met = False
        """A car came: what needed none was left out."""
        self.high_mv = self.low_mv = UNSEEN
        self.trip_ms = UNSEEN
        """From the test to the trip, or `UNSEEN`: it did not trip."""
        self.tripped = False
        """It had tripped before it was tested, or stayed so."""
        self.closed = False
        """The contactor was seen closed."""
        self.locked = self.unlocked = False
        self.lockable = lockable
        self._stage = _HIGH
        self._since_ms = -1

    def step(self, now_ms, inputs, outputs):
        """One tick in the controller's place. False: it is over."""
        if self._since_ms < 0:
            self._since_ms = now_ms
        elapsed_ms = diff(now_ms, self._since_ms)
        self.closed = self.closed or inputs.closed
        stage = self._stage
        if stage <= _BACK:
            stage = self._test_pilot(stage, elapsed_ms, inputs)
        elif stage <= _REARM:
            stage = self._test_residual(stage, elapsed_ms, inputs)
        elif stage <= _UNLOCK:
            stage = self._test_lock(stage, elapsed_ms, inputs)
        if stage != self._stage:
            self._stage = stage
            self._since_ms = now_ms
        self._write(outputs)
        self.over = stage == _OVER
        return not self.over

    def _test_pilot(self, stage, elapsed_ms, inputs):
        if stage == _LOW:
            if elapsed_ms < STATE_F_MS:
                return stage
            self.low_mv = inputs.high_mv if inputs.pilot_valid else UNSEEN
            return _BACK
        if elapsed_ms < SETTLE_MS:
            return stage
        high_mv = inputs.high_mv if inputs.pilot_valid else UNSEEN
        self.met = self.met or pilot.B <= pilot.level_of(high_mv) <= pilot.E
        if self.met:
            return _OVER
        if stage == _HIGH:
            self.high_mv = high_mv
            return _LOW
        self.tripped = inputs.rcd_tripped
        return _LOCK if self.tripped else _TRIP

    def _test_residual(self, stage, elapsed_ms, inputs):
        if stage == _TRIP:
            if inputs.rcd_tripped:
                self.trip_ms = elapsed_ms
                return _REARM
            return _LOCK if elapsed_ms >= ANSWER_MS else stage
        if inputs.rcd_tripped and elapsed_ms < ANSWER_MS:
            return stage
        self.tripped = inputs.rcd_tripped
        return _LOCK

    def _test_lock(self, stage, elapsed_ms, inputs):
        if not self.lockable:
            return _OVER
        late = elapsed_ms >= LOCK_MS
        if stage == _LOCK:
            self.locked = inputs.locked
            return _UNLOCK if self.locked or late else stage
        self.unlocked = not inputs.locked
        return _OVER if self.unlocked or late else stage

    def _write(self, outputs):
        stage = self._stage
        outputs.duty_bp = STATE_F_BP if stage == _LOW else STEADY_BP
        outputs.rcd_test = stage == _TRIP
        outputs.rcd_rearm = stage == _REARM
        if self.lockable:
            outputs.lock = stage == _LOCK
            outputs.lock_again = False


def why_not(connector, services):
    """Why a connector cannot be tested by a `Probe` now, or an empty string."""
    snapshot = connector.snapshot
    if services.restarting or not snapshot.ticks:
        return "the charger is restarting"
    if snapshot.faults & ~WARNINGS:
        return "an error is active"
    if connector.transaction or snapshot.plugged:
        return "a car is plugged in"
    if connector.hold:
        return "somebody's cable is locked in"
    return "" if snapshot.state == states.IDLE else "it has not seen its pilot yet"


async def run(connectors, lanes, board, store, services, at_boot=False):
    """Test it all and return the checks, a dict each: check, connector (0: the charger), verdict ('pass',
    'fail' or 'skip'), value between low and high in unit, and of a skipped one the reason; told as the event
    'self_test' too.

    `at_boot`: what cannot be tested is skipped; else ValueError says why it cannot.
    """
    reasons = [why_not(connector, services) for connector in connectors]
    if not at_boot:
        for connector, reason in zip(connectors, reasons):
            if reason:
                raise ValueError("connector %d cannot be tested: %s" % (connector.number, reason))
    checks = []  # type: list
    for lane, facts, number in zip(lanes, board.connectors, range(1, len(lanes) + 1)):
        reason = reasons[number - 1]
        probe = None if reason else await _probe(lane, services.clock)
        checks += _of_probe(number, lane, probe, reason)
        checks += _of_sensors(number, lane, board, facts)
    checks.append(_of_store(store, services.journal))
    failed = [
        "%s, connector %d" % (row["check"], row["connector"]) for row in checks if row["verdict"] == FAIL
    ]
    services.publish(
        {"event": "self_test", "verdict": FAIL if failed else PASS, "failed": failed, "checks": checks}
    )
    return checks


async def wait(charger, clock):
    """Wait until every connector knows its car and every meter has had its chance."""
    waited_ms = 0
    while waited_ms < PATIENCE_MS and not (
        charger.has_looked() and all(connector.register.known for connector in charger.connectors)
    ):
        await clock.sleep_ms(LOOK_MS)
        waited_ms += LOOK_MS


async def _probe(lane, clock):
    """Test one lane; the `Probe`, which is `over` unless nothing ticks."""
    proximity = lane.parts.proximity
    probe = Probe(lane.parts.lock.fitted and proximity.resistance_ohm > cable.OPEN_OHM)
    lane.lend(probe)
    waited_ms = 0
    while not probe.over and waited_ms < LONGEST_MS:
        await clock.sleep_ms(LOOK_MS)
        waited_ms += LOOK_MS
    lane.lend(None)
    return probe


def _row(check, connector, value, low, high, unit):
    """A check whose value decides."""
    verdict = PASS if value is not None and low <= value <= high else FAIL
    return {
        "check": check,
        "connector": connector,
        "verdict": verdict,
        "value": value,
        "low": low,
        "high": high,
        "unit": unit,
    }


def _skipped(check, connector, reason):
    return {"check": check, "connector": connector, "verdict": SKIP, "value": None, "reason": reason}


def _of_probe(number, lane, probe, reason):
    """What only a probe can tell; without one, or where a car came, the contactor alone."""
    fitted = lane.parts.lock.fitted
    if probe and not probe.over:
        return [_row("tick", number, None, 0, LONGEST_MS, "ms")]
    if probe and probe.met:
        reason = "a car was plugged in"
    if reason:
        closed = lane.controller.snapshot.closed and not lane.controller.snapshot.close
        rows = [_skipped(name, number, reason) for name in ("pilot +12 V", "pilot -12 V", "RCD test")]
        rows.append(_row("contactor open", number, 1 if closed else 0, 0, 0, "closed"))
        return rows + ([_skipped("lock", number, reason)] if fitted else [])
    low_mv, high_mv = PILOT_MV - PILOT_WITHIN_MV, PILOT_MV + PILOT_WITHIN_MV
    trip_ms = None if probe.tripped else _seen(probe.trip_ms)
    rows = [
        _row("pilot +12 V", number, _seen(probe.high_mv), low_mv, high_mv, "mV"),
        _row("pilot -12 V", number, _seen(probe.low_mv), -high_mv, -low_mv, "mV"),
        _row("RCD test", number, trip_ms, 0, ANSWER_MS, "ms"),
        _row("contactor open", number, 1 if probe.closed else 0, 0, 0, "closed"),
    ]
    if fitted and not probe.lockable:
        rows.append(_skipped("lock", number, "a cable is in the socket"))
    elif fitted:
        rows.append(_row("lock", number, probe.locked + probe.unlocked, 2, 2, "moves"))
    return rows


def _seen(value):
    return None if value == UNSEEN else value


def _of_sensors(number, lane, board, facts):
    """Meter, supply and temperature."""
    meter, sensor = lane.parts.meter, lane.parts.temperature
    if meter.fitted:
        age_ms = lane.meter_age_ms() if meter.readings else None
        rows = [_row("meter", number, age_ms, 0, METER_MS, "ms")]
    else:
        rows = [_skipped("meter", number, "none is fitted")]
    answers = rows[0]["verdict"] == PASS
    step_mv = board.mains_mv * SUPPLY_PERCENT // 100
    for phase in range(min(board.phases, facts.phases)):
        name = "supply L%d" % (phase + 1)
        if answers:
            low_mv, high_mv = board.mains_mv - step_mv, board.mains_mv + step_mv
            rows.append(_row(name, number, meter.voltage_mv[phase], low_mv, high_mv, "mV"))
        else:
            rows.append(_skipped(name, number, "the meter tells nothing"))
    value_dc = sensor.temperature_dc if sensor.valid else None
    rows.append(_row("temperature", number, value_dc, COLDEST_DC, HOTTEST_DC, "dC"))
    return rows


def _of_store(store, journal):
    """The journal takes a value, and a file reads back as it was written."""
    if not journal.may_stop():
        return _skipped("store", 0, "a contactor is closed")
    count = (journal.get(FILE) or 0) + 1
    text = b"%d of %d" % (count, store.sectors)
    try:
        journal.put(FILE, count)
        store.save(FILE, text)
        held = store.load(FILE) == text
    except OSError as error:
        row = _row("store", 0, None, len(text), len(text), "bytes")
        row["reason"] = wording(error)
        return row
    return _row("store", 0, len(text) if held else 0, len(text), len(text), "bytes")
