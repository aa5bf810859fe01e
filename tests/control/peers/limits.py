"""Peers: what they did about limits, cables, meters and sessions."""

from control import cable, limits, offer, session
from control.allowance import Allowance
from control.controller import Controller
from control.windows import Mailbox
from tests.control.peers import plays
from tests.control.peers.bug import Bug


def short_reads_63_a(m):
    """Peers read a shorted proximity line as 63 A."""
    whole = cable.rating_ma
    m.setattr(cable, "is_invalid", lambda ohm: False)
    m.setattr(cable, "rating_ma", lambda ohm, phases: 63000 if ohm < 75 else whole(ohm, phases))


def open_reads_13_a(m):
    """Peers read an open proximity line as 13 A."""
    whole = cable.rating_ma
    m.setattr(cable, "rating_ma", lambda ohm, phases: 13000 if ohm > 2200 else whole(ohm, phases))


def limit_kept_for_ever(m):
    """Peers keep a limit whose source is long silent."""
    m.setattr(limits.Limits, "_expire", lambda self, elapsed_ms: None)


def limit_raised_by_a_silent_meter(m):
    """A peer charges at full current without its meter."""
    whole = Allowance.measure

    def measure(self, elapsed_ms, inputs, mailbox, protection, charging):
        protection.fresh = True
        whole(self, elapsed_ms, inputs, mailbox, protection, charging)

    m.setattr(Allowance, "measure", measure)


def rises_without_a_pause(m):
    """A peer follows every rise of the limit at once."""
    m.setattr(offer, "RISE_EVERY_MS", 0)


def never_less_than_6_a(m):
    """A peer cannot offer less than 6 A, and offers 6 A for 0."""
    whole = limits.Limits._choose

    def choose(self):
        whole(self)
        self.least_ma = max(self.least_ma, 6000)

    m.setattr(limits.Limits, "_choose", choose)


def authorisation_outlives_the_plug(m):
    """A peer's authorisation outlives the plug."""
    whole = session.Session.update

    def update(self, level, held_ms):
        number = self.number
        changed = whole(self, level, held_ms)
        self.number = number
        return changed

    m.setattr(session.Session, "update", update)


def energy_is_integrated(m):
    """A peer adds up powers although its meter has a register."""
    whole = Controller._read_meter

    def read_meter(self, inputs):
        # Only what a fresh reading shows is counted: what flowed through a silence is lost.
        if inputs.meter_age_ms < self._age_ms and self._age_ms > 2000:
            self.energy.register_wh = inputs.energy_wh
        whole(self, inputs)

    m.setattr(Controller, "_read_meter", read_meter)


def session_limit_meets_the_next_car(m):
    """A slip: it leaves the limits of a session to the next car."""
    m.setattr(limits.Limits, "end_session", lambda self: None)


def power_of_one_phase_for_three(m):
    """A slip: it counts the watts of one phase for three."""
    whole = limits.Limits.use
    m.setattr(limits.Limits, "use", lambda self, count: whole(self, 1))


def mailbox_starts_with_a_grant(m):
    """A slip: it charges for anybody after a restart."""
    whole = Mailbox.__init__

    def init(self):
        whole(self)
        self.authorised_session = 1

    m.setattr(Mailbox, "__init__", init)


def short_proximity(play):
    play.fault("pp_short")
    play.run(1000)


def open_proximity(play):
    play.fault("pp_open")
    play.run(1000)


def limit_expires(play):
    play.limit(limits.LOAD_BALANCING, 20000, 3000, 6000)
    play.run(8000)


def meter_silent(play):
    play.fault("meter_silent")
    play.run(8000)


def two_rises(play):
    play.limit(limits.OWNER, 10000, 0, 0)
    play.run(1000)
    play.limit(limits.OWNER, 16000, 0, 0)
    play.run(1000)
    play.limit(limits.OWNER, 20000, 0, 0)
    play.run(10000)


def another_car(play):
    play.unplug()
    play.run(1000)
    play.plug({})
    play.run(10000)


def energy_limit(play):
    play.fault("meter_silent")
    play.run(4000)
    play.enough(60)
    play.run(16000)
    play.clear("meter_silent")
    play.run(60000)


def restart_unauthorised(play):
    play.restart()
    play.run(10000)


def limited_session(play):
    play.limit(limits.SESSION_TIME, 0, 0, 0)
    play.run(8000)
    play.unplug()
    play.run(40000)
    play.plug({})
    play.run(700)
    play.authorise()
    play.run(80000)


def power_limit(play):
    play.power(limits.BACKEND, 6900, 0, 0)
    play.run(10000)


BUGS = (
    Bug("05", short_reads_63_a, short_proximity, "socket"),
    Bug("10", open_reads_13_a, open_proximity, "socket"),
    Bug("10", limit_kept_for_ever, limit_expires),
    Bug("12", limit_raised_by_a_silent_meter, meter_silent),
    Bug("11", rises_without_a_pause, two_rises),
    Bug("10", never_less_than_6_a, plays.pause),
    Bug("13", authorisation_outlives_the_plug, another_car),
    Bug("10", energy_is_integrated, energy_limit),
    Bug("06", session_limit_meets_the_next_car, limited_session),
    Bug("10", power_of_one_phase_for_three, power_limit),
    Bug("10", mailbox_starts_with_a_grant, restart_unauthorised),
)
