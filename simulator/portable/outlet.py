"""One outlet: the charger's side and the car's side of one connector, put together."""

from hal.contract import STATE_F_BP
from simulator.portable.car import Car
from simulator.portable.contactor import Contactor
from simulator.portable.energy import Energy
from simulator.portable.heat import Heat
from simulator.portable.mains import Earth, ShuntTrip
from simulator.portable.noise import Noise
from simulator.portable.pilot_line import PilotLine
from simulator.portable.residual import Residual
from simulator.portable.socket_parts import Cable, PhaseSwitch, PlugLock

NOISE_MV = 40
"""What disturbs a sound pilot."""


class Locked(Exception):
    """The plug does not come out of a locked socket."""


class Outlet:
    """The physical things of one connector, each its role's part as well."""

    def __init__(self, number, connector, world, random):
        self.number = number
        self.world = world
        self.line = PilotLine(Noise(random, NOISE_MV))
        self.car = Car(self.line, world)
        self.contactor = Contactor(connector.contactor_release_ms, world.now_ms)
        self.residual = Residual(self.contactor, connector.rcd_path)
        self.cable = Cable()
        self.lock = PlugLock(connector.cable_ma == 0)
        self.phase_switch = PhaseSwitch(min(connector.phases, world.mains.phases), self.contactor)
        self.shunt_trip = ShuntTrip(self, "shunt_trip" in connector.drivers)
        self.earth = Earth(world.mains)
        self.energy = Energy(world.mains)
        self.heat = Heat(connector.rated_ma)

    def plug(self, **traits):
        """Plug a car in, with these of `car.RANGES` and the others' defaults."""
        self.car.plug(**traits)
        if self.lock.fitted:
            self.cable.fit(self.car.cable_a)

    def unplug(self):
        """Take the car away; `Locked` when the socket holds the plug."""
        if self.car.plugged and self.lock.holds:
            raise Locked("the plug of connector %d is locked; stop the charge first" % self.number)
        self.car.unplug()
        self.cable.fit(0)

    def step(self, now_ms):
        """What cannot wait: contacts, a test of the RCD, and what the car hears and shows."""
        self.contactor.step(now_ms)
        switch = self.phase_switch
        if switch.joined != switch.wanted:
            switch.step(now_ms)
        if self.residual.testing:
            self.residual.step(now_ms)
        car = self.car
        if car.heard_bp != self.line.seen_bp:
            car.hear(self.line.seen_bp, now_ms)
        if car.restless:
            car.act(now_ms)

    def flow(self, dt_ms, mains):
        """The currents of the last `dt_ms` and their effects: energy, battery, heat."""
        car, energy, joined = self.car, self.energy, self.phase_switch.joined
        energy.wire(not self.shunt_trip.tripped)
        if car.plugged:
            # A car lives from its first phase.
            lit = joined if energy.voltage_mv[0] and self.contactor.contacts_closed else 0
            car.step(dt_ms, lit)
        power_w = energy.step(dt_ms, car.current_ma, min(car.phases, joined), car.percent)
        if power_w:
            car.store(power_w, dt_ms)
        for phase in range(3):
            mains.current_ma[(phase + energy.rotation) % 3] += energy.current_ma[phase]
        self.contactor.load_ma = max(energy.current_ma)
        self.heat.step(dt_ms, energy.current_ma)
        self.lock.step(dt_ms)

    def settle(self):
        """A cause of a fault came or went."""
        self.line.settle()
        self.car.settle()
        self.residual.settle()
        if not self.contactor.welded:
            # Whoever replaces a contactor switches the breaker on again.
            self.shunt_trip.tripped = False

    def reset_pins(self):
        """The processor was reset: nothing is driven."""
        self.contactor.drop()
        self.residual.test(False)
        self.line.drive(STATE_F_BP)
        self.line.disconnect(False)

    def power(self, on):
        """The supply of the electronics goes or comes; the latch of the RCD forgets."""
        self.reset_pins()
        self.contactor.powered = self.line.powered = on
        self.contactor.settle(self.world.now_ms)
        self.line.settle()
        self.energy.wire(not self.shunt_trip.tripped)
        self.residual.rearm()

    def snapshot(self):
        """The truth in plain values; allocates."""
        car, contactor, energy = self.car, self.contactor, self.energy
        return {
            "plugged": car.plugged,
            "s2": car.s2,
            "asleep": car.asleep,
            "confused": car.confused,
            "duty_bp": self.line.seen_bp,
            "cp_mv": self.line.true_high_mv,
            "driven": contactor.driven,
            "coil": contactor.coil_on,
            "contacts": contactor.contacts_closed,
            "cycles": contactor.cycles,
            "drive_edges": contactor.edges,
            "opened_ma": contactor.opened_ma,
            "tripped": self.residual.latched,
            "locked": self.lock.holds,
            "phases": self.phase_switch.joined,
            "live_phase_moves": self.phase_switch.live_moves,
            "voltage_mv": list(energy.voltage_mv),
            "current_ma": list(energy.current_ma),
            "power_w": list(energy.power_w),
            "energy_wh": energy.energy_wh,
            "level_wh": car.level_wh,
            "battery_wh": car.battery_wh,
            "temperature_dc": self.heat.felt_dc(),
        }
