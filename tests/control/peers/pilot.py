"""Peers: what they did about the control pilot, its diode and the duty."""

from control import diode, duty, flapping, limits, pilot, post, signal, suspicion
from control.controller import Controller
from tests.control.peers import plays
from tests.control.peers.bug import Bug


def zero_duty_on_pause(m):
    """A peer paused with 0 % duty, in which no car can be seen."""
    whole = duty.offer_bp
    m.setattr(duty, "offer_bp", lambda limit_ma: whole(limit_ma) if limit_ma >= 6000 else 0)


def diode_only_in_b(m):
    """A peer looked at the diode in state B only."""
    whole = diode.Diode.update

    def update(self, elapsed_ms, low_mv):
        if not self.proven:
            whole(self, elapsed_ms, low_mv)

    m.setattr(diode.Diode, "update", update)


def unstable_pilot_holds(m):
    """A peer holds its relay while the pilot is unstable."""

    def update(self, elapsed_ms, good):
        self.ms = 0 if good else min(self.ms + elapsed_ms, self._enough_ms)

    m.setattr(suspicion.Suspicion, "update", update)


def pilot_faults_ignored_in_c(m):
    """A peer ignores every fault of the pilot in state C."""
    whole = pilot.Pilot._enter

    def enter(self, level):
        if level < pilot.E or self.level != pilot.C:
            whole(self, level)

    m.setattr(pilot.Pilot, "_enter", enter)


def blind_after_a_change(m):
    """A peer is blind for 550 ms after a change of the duty."""
    whole = Controller._observe

    def observe(self, now_ms, elapsed_ms, inputs):
        if self.commanded and self._signal.since_change_ms < 550:
            inputs.high_mv = 6000
        whole(self, now_ms, elapsed_ms, inputs)

    m.setattr(Controller, "_observe", observe)


def blink_of_state_f(m):
    """A slip: it shows state F for a moment only."""
    m.setattr(signal, "STATE_F_MS", 0)
    m.setattr(post, "PROOF_MS", 20)


def closes_at_the_first_c(m):
    """A peer closes at the first reading of C."""
    m.setattr("control.interlock.STABLE_MS", 0)


def resistor_taken_for_a_switch(m):
    """A slip: it offers 32 A to a car with a fixed resistor."""
    m.setattr(limits, "SIMPLE_CAR_MA", 32000)


def between_windows_holds(m):
    """A slip: between two windows it holds what it had."""
    whole = pilot.Pilot.update

    def update(self, elapsed_ms, high_mv, valid):
        held = valid and self.level <= pilot.D and pilot.level_of(high_mv) == pilot.ILLEGAL
        whole(self, elapsed_ms, 12000 - 3000 * self.level if held else high_mv, valid)

    m.setattr(pilot.Pilot, "update", update)


def changes_for_a_car_that_minds(m):
    """A slip: it changes the offer of a car that shows a false state B each time."""
    m.setattr(flapping, "PATIENCE", 1000)


def closes_too_late(m):
    """A slip: it takes its time with a car that is ready."""
    m.setattr("control.interlock.STABLE_MS", 5000)


def diode_fails(play):
    play.fault("cp_diode")
    play.run(1000)


def pilot_comes_and_goes(play):
    play.loosen("lost", 2, 2)
    play.run(2000)


def pilot_lost(play):
    play.loosen("lost", 1000, 1)
    play.run(1000)


def leaves_after_a_change(play):
    play.limit(limits.OWNER, 10000, 0, 0)
    play.run(100)
    play.unplug()
    play.run(1000)


def moment_of_c(play):
    play.charge(0)
    play.run(8000)
    play.pulse_c(300)
    play.run(1000)


def corroded(play):
    play.corrode(1500, 1000)


def car_that_minds(play):
    play.another({"false_b_ms": 500}, True)
    for limit_ma in (16000, 10000, 16000, 10000, 16000):
        play.limit(limits.OWNER, limit_ma, 0, 0)
        play.run(8000)


def asks_in_peace(play):
    play.charge(0)
    play.run(40000)
    play.charge(1)
    play.run(8000)


def simple_car(play):
    play.unplug()
    play.run(1000)
    play.plug({"simplified": 1})
    play.authorise()
    play.run(10000)


BUGS = (
    Bug("10", zero_duty_on_pause, plays.pause),
    Bug("04", diode_only_in_b, diode_fails),
    Bug("03", unstable_pilot_holds, pilot_comes_and_goes),
    Bug("01", pilot_faults_ignored_in_c, pilot_lost),
    Bug("02", blind_after_a_change, leaves_after_a_change),
    Bug("state F", blink_of_state_f, plays.restart),
    Bug("05", closes_at_the_first_c, moment_of_c),
    Bug("03", between_windows_holds, corroded),
    Bug("02", changes_for_a_car_that_minds, car_that_minds),
    Bug("06", closes_too_late, asks_in_peace),
    Bug("10", resistor_taken_for_a_switch, simple_car),
)
