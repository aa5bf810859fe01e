"""Everything that may happen to a station, played under the eyes of an oracle."""

from control import limits
from tests.control.oracle import Broken, Oracle
from tests.control.station import TICK_MS, Station

FAULTS = (
    "cp_diode",
    "cp_short",
    "cp_noise",
    "ventilation",
    "rcd_trip",
    "rcd_dead",
    "relay_welded",
    "relay_stuck_open",
    "over_current",
    "meter_silent",
)

# What may happen, and the choices for each of its values.
ACTIONS: dict[str, tuple] = {
    "plug": ([{}, {"false_b_ms": 500}, {"simplified": 1}, {"ramp_a_s": 80, "reaction_ms": 0}],),
    "unplug": (),
    "authorise": (),
    "withdraw": (),
    "charge": ([0, 1],),
    "pulse_c": (range(1, 600),),
    "flap": (range(1, 300),),
    "limit": (
        [limits.INSTALLATION, limits.OWNER, limits.BACKEND],
        [0, 5999, 6000, 10000, 16001, 32000, 80000],
        [0, 500, 3000, 20000],
        [0, 6000, 13000],
    ),
    "enable": ([False, True],),
    "fault": (FAULTS,),
    "clear": (FAULTS,),
    "leak": (range(TICK_MS + 1),),
    "miss": (range(1, 400),),
    "noise": ([0, 40, 150, 300],),
    "restart": (),
    "mend": (),
}
DURATIONS_MS = [20, 40, 100, 240, 1000, 6000, 12000]


class Play:
    """A station under an oracle's eyes, with everything that may happen to it."""

    def __init__(self, seed, start_ms):
        self.station = Station(seed=seed, start_ms=start_ms)
        self.oracle = Oracle(self.station.outlet)
        self.car = self.station.outlet.car
        self.gone_ms = 0

    def pass_by(self, duration_ms):
        while duration_ms:
            step_ms = min(duration_ms, TICK_MS)
            self.station.pass_by(step_ms)
            self.oracle.pass_by(step_ms)
            duration_ms -= step_ms

    def run(self, duration_ms):
        for _ in range(duration_ms // TICK_MS):
            self.pass_by(TICK_MS)
            self.station.tick(0)
            self.oracle.tick()

    def act(self, name, *values):
        getattr(self, name)(*values)

    def plug(self, traits):
        if not self.car.plugged and self.oracle.now_ms - self.gone_ms >= 400:
            self.station.outlet.plug(**traits)

    def unplug(self):
        if self.car.plugged:
            self.station.outlet.unplug()
            self.gone_ms = self.oracle.now_ms
            line = self.station.outlet.line
            visible = not (line.shorted or line.disturbed)
            self.run(400)
            # State F says nothing of the car: what nobody could see has not ended the session yet.
            if visible and line.duty_bp:
                self.oracle.grants.authorised = False

    def authorise(self):
        self.station.authorise()
        self.oracle.grants.authorised = True

    def withdraw(self):
        self.station.withdraw()
        self.oracle.grants.authorised = False

    def charge(self, wants):
        self.car.set(charge=wants)

    def pulse_c(self, duration_ms):
        self._show(882, duration_ms)

    def flap(self, duration_ms):
        self._show(2740, duration_ms)

    def _show(self, ohm, duration_ms):
        if self.car.plugged:
            self.station.outlet.line.load(ohm)
            self.run(duration_ms // TICK_MS * TICK_MS)
            self.pass_by(duration_ms % TICK_MS)
            self.car.settle()

    def limit(self, source, limit_ma, life_ms, fallback_ma):
        self.station.mailbox.set_limit(source, limit_ma, life_ms, fallback_ma)
        until_ms = self.oracle.now_ms + life_ms if life_ms else None
        self.oracle.grants.limit(source, limit_ma, until_ms, fallback_ma)

    def enable(self, enabled):
        self.station.mailbox.enabled = self.oracle.grants.enabled = enabled

    def fault(self, name):
        self.station.world.fault(name)

    def clear(self, name):
        self.station.world.clear(name)

    def mend(self):
        """A technician came and another car, both sound: it charges."""
        for name in FAULTS:
            self.station.world.clear(name)
        self.enable(True)
        for source in self.station.mailbox.SOURCES:
            self.limit(source, 32000, 0, 0)
        self.unplug()
        self.run(600)
        self.station.mailbox.clear(-1)
        self.oracle.cleared()
        self.run(600)
        self.plug({})
        self.authorise()
        for _ in range(40):
            self.run(1000)
            if self.station.outlet.contactor.contacts_closed:
                return
        raise Broken("a healthy car was not charged")

    def leak(self, phase_ms):
        self.pass_by(phase_ms)
        self.station.outlet.residual.pulse()

    def miss(self, duration_ms):
        self.pass_by(duration_ms)

    def noise(self, amplitude_mv):
        line = self.station.outlet.line
        line.noise_mv = amplitude_mv
        line.settle()

    def restart(self):
        self.station.boot(self.station.snapshot.faults)
        self.oracle.restarted()
