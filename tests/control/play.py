"""Everything that may happen to a station, played under the eyes of an oracle."""

from control import limits
from tests.control.oracle import Oracle
from tests.control.station import TICK_MS, Station
from tests.control.watching import Broken

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
OF_A_SOCKET = ("pp_open", "pp_short", "lock_stuck")

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
    "loosen": (["shorted", "lost", "diode_shorted"], range(1, 8), range(1, 12)),
    "fasten": (),
    "starve": (range(20, 300),),
    "leak": (range(TICK_MS + 1),),
    "miss": (range(1, 400),),
    "late": (range(21, 130), range(1, 30), [882, 2740]),
    "replug": (FAULTS,),
    "noise": ([0, 40, 150, 300],),
    "restart": (),
    "mend": (),
}
ON_A_SOCKET = {
    **ACTIONS,
    "plug": ([{}, {"cable_a": 20}, {"cable_a": 13, "false_b_ms": 500}, {"simplified": 1}],),
    "fault": (FAULTS + OF_A_SOCKET,),
    "replug": (FAULTS + OF_A_SOCKET,),
    "clear": (FAULTS + OF_A_SOCKET,),
}
DURATIONS_MS = [20, 40, 100, 240, 1000, 6000, 12000]


class Play:
    """A station under an oracle's eyes, with everything that may happen to it."""

    def __init__(self, seed, start_ms, board="simulated"):
        self.station = Station(board, seed=seed, start_ms=start_ms)
        self.oracle = Oracle(self.station.outlet)
        self.car = self.station.outlet.car
        self.gone_ms = 0

    def pass_by(self, duration_ms):
        self.oracle.look()
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
        if self.car.plugged and not self.station.outlet.lock.holds:
            self.station.outlet.unplug()
            self.gone_ms = self.oracle.now_ms
            line = self.station.outlet.line
            visible = not (line.shorted or line.disturbed or line.lost or line.loose)
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
        for name in FAULTS + OF_A_SOCKET:
            self.station.world.clear(name)
        self.fasten()
        self.enable(True)
        for source in self.station.mailbox.SOURCES:
            self.limit(source, 32000, 0, 0)
        self.withdraw()
        self.run(7000)
        self.station.outlet.lock.release()  # a bolt that was stuck, by hand
        self.run(600)
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

    def late(self, gap_ms, ticks, ohm):
        """Ticks that come late, one after the other, while the car shows `ohm`."""
        if self.car.plugged:
            self.station.outlet.line.load(ohm)
        for _ in range(ticks):
            self.pass_by(gap_ms)
            self.station.tick(0)
            self.oracle.tick()
        self.car.settle()

    def replug(self, name):
        """A fault is there before the next car."""
        self.withdraw()
        self.run(7000)
        self.unplug()
        self.fault(name)
        self.run(600)
        self.plug({})
        self.authorise()
        self.run(8000)

    def loosen(self, cause, bad, good):
        """A cause comes and goes, reading by reading."""
        self.fasten()
        self.station.outlet.line.loosen(cause, bad, good)

    def fasten(self):
        self.station.outlet.line.fasten()

    def starve(self, duration_ms):
        """The coil's supply fails for a while."""
        contactor = self.station.outlet.contactor
        contactor.powered = False
        contactor.settle(contactor.now_ms)
        self.run(duration_ms // TICK_MS * TICK_MS)
        self.pass_by(duration_ms % TICK_MS)
        contactor.powered = True
        contactor.settle(contactor.now_ms)

    def noise(self, amplitude_mv):
        line = self.station.outlet.line
        line.noise_mv = amplitude_mv
        line.settle()

    def restart(self):
        self.station.restart()
        self.oracle.restarted()
