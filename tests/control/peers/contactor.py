"""Peers: what they did about contactor, lock, phase switch, and the clock between closings."""

from control import contactor, faults, operations, phases, pilot
from control.controller import Controller
from hal import contract
from simulator.portable.outlet import Outlet
from tests.control import wall
from tests.control.peers import plays
from tests.control.peers.bug import Bug


def display_stall_holds_the_relay(m):
    """A peer holds its relay while its display starts anew."""
    m.setattr(contract, "LEASE_MS", 5000)


def weld_forgotten_at_a_restart(m):
    """A peer forgets a weld when it restarts."""
    whole = faults.Faults.restore
    weld = 1 << faults.RELAY_WELDED

    def restore(self, latched, active=0, spent=0):
        whole(self, latched & ~weld, active & ~weld, spent)

    m.setattr(faults.Faults, "restore", restore)


def weld_not_looked_for(m):
    """A slip: it does not look at its contacts at all."""
    whole = contactor.Supervision.update

    def update(self, elapsed_ms, commanded, closed):
        whole(self, elapsed_ms, commanded, commanded)

    m.setattr(contactor.Supervision, "update", update)


def one_open_reading_is_no_weld(m):
    """A slip: a single open reading of its mirror contact tells it that its contacts are open."""
    whole = contactor.Suspicion.update

    def update(self, elapsed_ms, good):
        if good and self._enough_ms == contactor.MISMATCH_MS:
            self.clear()
        else:
            whole(self, elapsed_ms, good)

    m.setattr(contactor.Suspicion, "update", update)


def unlocks_before_it_opens(m):
    """A peer unlocks when the charge ends, not when the contacts are open."""
    m.setattr(Controller, "_wants_lock", lambda self: self._lockable and self._may_offer())


def no_budget_of_operations(m):
    """A slip: it lets a car wear its contactor."""
    m.setattr(operations.Operations, "allowed", lambda self: True)


def openings_not_counted(m):
    """A slip: it counts ten minutes from the closing, though the opening came much later."""
    m.setattr(operations.Operations, "opened", lambda self: None)


def late_ticks_wait_for_a_second_one(m):
    """A slip: two ticks must agree that the car let go, however late they are."""
    m.setattr(pilot, "LATE_MS", 30)


def phases_switched_under_load(m):
    """A slip: it switches phases under load."""
    whole = phases.PhaseSwitching.update

    def update(self, elapsed_ms, wish, joined, contactor_open, wait_ms):
        whole(self, elapsed_ms, wish, joined, True, wait_ms)

    m.setattr(phases.PhaseSwitching, "update", update)


def pauses_by_the_wall_clock(m):
    """A slip: it measures its pauses by the wall clock."""
    whole = Controller._elapsed

    def elapsed(self, now_ms):
        passed_ms = whole(self, now_ms)
        if wall.clock_s - getattr(self, "_wall_s", wall.clock_s) > 10:
            self._interlock.pause_ms = 0
        self._wall_s = wall.clock_s
        return passed_ms

    m.setattr(Controller, "_elapsed", elapsed)


def no_pause_after_a_restart(m):
    """A slip: it closes at once after a restart."""
    whole = Controller.__init__

    def init(self, *args, **options):
        whole(self, *args, **options)
        self._interlock.pause_ms = 0

    m.setattr(Controller, "__init__", init)


def coil_on_through_a_reset(m):
    """A slip: the pin of its contactor keeps its level through a reset."""
    m.setattr(Outlet, "reset_pins", lambda self: self.line.drive(contract.STATE_F_BP))


def no_end_to_a_car_that_draws_on(m):
    """A slip: it waits for ever for a car that draws on."""
    m.setattr("control.controller.WITHDRAW_MS", 600000)


def phases_switched_at_a_restart(m):
    """A slip: it tells its phase switch where to stand before its contacts are known to be open."""
    whole = phases.PhaseSwitching.__init__

    def init(self, wired, fitted):
        whole(self, wired, fitted)
        self.selected = wired

    m.setattr(phases.PhaseSwitching, "__init__", init)


def stall(play):
    play.miss(400)


def weld(play):
    play.fault("relay_welded")
    play.withdraw()
    play.run(9000)


def restart_on_a_weld(play):
    weld(play)
    play.clear("relay_welded")
    play.run(1000)
    play.restart()
    play.run(10000)


def weld_under_a_lying_mirror(play):
    play.mirror(12)
    weld(play)


def clock_is_set(play):
    play.flap(100)
    play.run(1000)
    play.step_clock(3600)


def many_starts(play):
    for _ in range(4):
        play.charge(0)
        play.run(8000)
        play.charge(1)
        play.run(8000)


def one_phase(play):
    play.switch_phases(1, 10000)
    play.run(30000)


def restart_on_one_phase(play):
    play.switch_phases(1, 2000)
    play.run(20000)
    play.restart()
    play.run(10000)


def starts_after_a_long_charge(play):
    play.doze(300000)
    for _ in range(3):
        play.charge(0)
        play.run(8000)
        play.charge(1)
        play.run(8000)
    play.doze(300000)
    play.charge(0)
    play.run(8000)
    play.charge(1)
    play.run(8000)


def leaves_between_late_ticks(play):
    play.tick(29)
    play.unplug()
    play.oracle.look()
    for _ in range(3):
        play.tick(29)


def stubborn_car(play):
    play.car.set(stubborn=1)
    play.withdraw()
    play.run(8000)


BUGS = (
    Bug("dead man", display_stall_holds_the_relay, stall),
    Bug("09", weld_forgotten_at_a_restart, restart_on_a_weld),
    Bug("09", weld_not_looked_for, weld),
    Bug("09", one_open_reading_is_no_weld, weld_under_a_lying_mirror),
    Bug("17", unlocks_before_it_opens, weld, "socket"),
    Bug("16", no_budget_of_operations, many_starts),
    Bug("16", openings_not_counted, starts_after_a_long_charge),
    Bug("02", late_ticks_wait_for_a_second_one, leaves_between_late_ticks),
    Bug("phases", phases_switched_under_load, one_phase, "switching"),
    Bug("phases", phases_switched_at_a_restart, restart_on_one_phase, "switching"),
    Bug("15", pauses_by_the_wall_clock, clock_is_set),
    Bug("05", no_pause_after_a_restart, plays.restart),
    Bug("14", coil_on_through_a_reset, plays.restart),
    Bug("10", no_end_to_a_car_that_draws_on, stubborn_car),
)
