"""Peers: what they did about residual current, supply, earth and heat."""

from control import faults, limits, residual, thermal
from control import protection as protecting
from control.controller import Controller
from simulator.portable.residual import Residual
from tests.control.peers.bug import Bug


def trip_blind_after_switching(m):
    """A peer is blind to its RCD for 1 s after switching."""
    whole = Controller._observe

    def observe(self, now_ms, elapsed_ms, inputs):
        if self.commanded and self._state_ms < 1000:
            inputs.rcd_tripped = False
        whole(self, now_ms, elapsed_ms, inputs)

    m.setattr(Controller, "_observe", observe)


def short_trips_lost(m):
    """A peer that polls its RCD loses short pulses."""
    m.setattr(Residual, "sample", lambda self, now_ms: setattr(self, "tripped", self.active))


def restart_forgives_what_is_active(m):
    """A slip: only what was latched comes back after a restart."""
    whole = protecting.Protection.restore

    def restore(self, latched, active, *others):
        whole(self, latched, active & faults.SYSTEM, *others)

    m.setattr(protecting.Protection, "restore", restore)


def restart_takes_its_sensor_for_well(m):
    """A slip: what it does not know of its sensor after a restart is good."""
    whole = protecting.Protection.restore
    blind = 1 << faults.TEMP_SENSOR

    def restore(self, latched, active, *others):
        whole(self, latched, active & ~blind, *others)

    m.setattr(protecting.Protection, "restore", restore)


def restart_gives_tries_back(m):
    """A slip: a restart gives its tries back to what was active."""
    whole = faults.Faults.restore
    m.setattr(faults.Faults, "restore", lambda self, latched, active, spent: whole(self, latched, active))


def trip_ends_by_itself(m):
    """A slip: it closes again after a trip without anybody there."""
    rows = list(faults.ROWS)
    rows[faults.RCD_TRIP] = rows[faults.RCD_TRIP]._replace(good_ms=30000, tries=faults.ALWAYS)
    m.setattr(faults, "ROWS", tuple(rows))
    anyway = ((residual.TRIP | residual.QUIET, residual.RESETTING),)
    m.setattr(residual, "TRANSITIONS", (*residual.TRANSITIONS[:4], anyway, *residual.TRANSITIONS[5:]))


def self_test_skipped(m):
    """A peer never tests its RCD."""
    row = ((residual.TRIP, residual.TRIPPED), (residual.QUIET, residual.READY))
    m.setattr(residual, "TRANSITIONS", (row, *residual.TRANSITIONS[1:]))


def self_test_under_load(m):
    """A peer tests its RCD without a look at its contacts."""
    whole = residual.ResidualCurrent.update

    def update(self, elapsed_ms, tripped, contactor_open, plugged, away):
        whole(self, elapsed_ms, tripped, True, plugged, away)

    m.setattr(residual.ResidualCurrent, "update", update)


def over_current_against_the_rating(m):
    """A slip: it compares the current with its rating, not with its offer."""
    whole = protecting.Overcurrent.update

    def update(self, elapsed_ms, signalled_ma, *measured):
        whole(self, elapsed_ms, 32000, *measured)

    m.setattr(protecting.Overcurrent, "update", update)


def voltage_of_the_first_phase_only(m):
    """A slip: it looks at the voltage of one phase."""
    whole = protecting.Supply.update

    def update(self, elapsed_ms, voltage_mv):
        whole(self, elapsed_ms, voltage_mv[:1] * 3)

    m.setattr(protecting.Supply, "update", update)


def earth_not_looked_for(m):
    """A slip: it goes on without protective earth."""
    whole = protecting.Protection.update

    def update(self, moment, inputs, mailbox):
        inputs.earthed = True
        whole(self, moment, inputs, mailbox)

    m.setattr(protecting.Protection, "update", update)


def broken_sensor_reads_cool(m):
    """A slip: it takes a broken temperature sensor for a cool one."""
    whole = thermal.Derating.update

    def update(self, elapsed_ms, temperature_dc, valid):
        whole(self, elapsed_ms, temperature_dc if valid else 200, True)

    m.setattr(thermal.Derating, "update", update)


def frost_reads_as_heat(m):
    """A slip: it reads frost as 6500 degC."""
    whole = thermal.Derating.update

    def update(self, elapsed_ms, temperature_dc, valid):
        whole(self, elapsed_ms, temperature_dc & 0xFFFF, valid)

    m.setattr(thermal.Derating, "update", update)


def derating_rises_at_once(m):
    """A slip: it swings between full current and none in the heat."""
    m.setattr(thermal, "RISE_EVERY_MS", 1000)
    m.setattr(thermal, "RISE_MA", 32000)


def fault_until_a_restart(m):
    """A slip: it needs a restart after a fault that has gone."""
    m.setattr(faults.Faults, "_recover", lambda self, row, elapsed_ms, away: None)


def trip_after_closing(play):
    play.charge(0)
    play.run(8000)
    play.charge(1)
    while not play.oracle.truth.driven:
        play.tick()
    play.run(100)
    play.leak(3)
    play.run(1000)


def short_trip(play):
    play.leak(3)
    play.run(1000)


def restart_in_the_heat(play):
    play.heat(720)
    play.doze(60000)
    play.heat(640)
    play.restart()
    play.authorise()
    play.doze(60000)


def restart_without_a_sensor(play):
    play.heat(640)
    play.doze(60000)
    play.fault("temperature_sensor")
    play.run(3000)
    play.clear("temperature_sensor")
    play.restart()
    play.authorise()
    play.doze(60000)


def greedy_car_at_each_restart(play):
    for _ in range(5):
        play.limit(limits.OWNER, 10000, 0, 0)
        play.fault("over_current")
        play.doze(8000)
        while play.oracle.truth.driven:
            play.doze(1000)
        play.clear("over_current")
        play.rest()
        play.authorise()
        play.doze(75000)


def trip_and_wait(play):
    play.leak(3)
    play.run(90000)


def next_car(play):
    play.unplug()
    play.run(1000)
    play.plug({})
    play.authorise()
    play.run(10000)


def next_car_on_a_weld(play):
    play.fault("relay_welded")
    play.unplug()
    play.run(220)
    play.plug({})
    play.run(500)


def sensor_breaks(play):
    play.fault("temperature_sensor")
    play.run(10000)


def frost(play):
    play.station.world.set(ambient_dc=-400)
    play.doze(340000)
    play.run(60000)


def heat_passes(play):
    play.heat(690)
    play.run(3000)
    play.heat(-400)
    play.run(10000)


def greedy_car(play):
    play.limit(limits.OWNER, 10000, 0, 0)
    play.run(5000)
    play.fault("over_current")
    play.run(15000)


def one_phase_high(play):
    play.volts(270000, 1)
    play.run(12000)


def short_passes(play):
    play.fault("cp_short")
    play.run(2000)
    play.clear("cp_short")
    play.run(60000)


def earth_fails(play):
    play.fault("earth_lost")
    play.run(1000)


BUGS = (
    Bug("07", trip_blind_after_switching, trip_after_closing),
    Bug("07", short_trips_lost, short_trip),
    Bug("07", trip_ends_by_itself, trip_and_wait),
    Bug("05", self_test_skipped, next_car),
    Bug("08", self_test_under_load, next_car_on_a_weld),
    Bug("over-current", over_current_against_the_rating, greedy_car),
    Bug("voltage", voltage_of_the_first_phase_only, one_phase_high),
    Bug("earth", earth_not_looked_for, earth_fails),
    Bug("over-current", restart_gives_tries_back, greedy_car_at_each_restart),
    Bug("10", restart_forgives_what_is_active, restart_in_the_heat),
    Bug("10", restart_takes_its_sensor_for_well, restart_without_a_sensor),
    Bug("10", broken_sensor_reads_cool, sensor_breaks),
    Bug("06", frost_reads_as_heat, frost),
    Bug("10", derating_rises_at_once, heat_passes),
    Bug("06", fault_until_a_restart, short_passes),
)
