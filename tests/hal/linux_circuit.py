"""The Linux board's own circuit between the files and lines of its kernel and the simulated world: what is
said in the definition's facts, the other way round."""

import math
import os

from simulator.portable.world import World

ZERO_K = 273.15
COUNTS = 4096


class Circuit:
    """Joins connector 1 of `board` with a world: `before` and `after` each tick the two sides are told of
    each other."""

    def __init__(self, board, tree, lines, now_ms):
        self.facts = board.connectors[0]
        self.world = World(board, 1, now_ms)
        self.outlet = self.world.outlet(1)
        self.outlet.phase_switch.joined = self.outlet.phase_switch.wanted = 1  # a reset parts the phases
        self._tree, self._lines = tree, lines
        self._held_mv = [12000, -12000]
        self._raw: dict = {}
        self.heard = lambda: None
        """Called when a trip stands on its line."""
        for chip in ("pwmchip0", "pwmchip1"):
            tree.pwm_chip(chip)
        self._write()

    def line(self, name):
        """The request of the line that the definition calls so; None: nobody asked for it yet."""
        chip, _, offset = self.facts.pins[name].partition(":")
        return self._lines.get((chip, int(offset)))

    def before(self, now_ms):
        """Time passes, and what the world is by then stands on the lines."""
        self.world.step(now_ms)
        self._write()
        facts, outlet = self.facts, self.outlet
        self._pull("mirror", outlet.contactor.contacts_closed, facts.mirror_level)
        if self._pull("trip", outlet.residual.active, facts.trip_level) and outlet.residual.active:
            self.heard()
        self._pull("locked", outlet.lock.holds, facts.lock_level)
        self._pull("phase_feedback", outlet.phase_switch.joined == 3, facts.phases_level)
        self._pull("earth", not self.world.mains.earth_lost, facts.earth_level)

    def after(self, now_ms):
        """What the drivers have driven reaches the world."""
        outlet, facts = self.outlet, self.facts
        folder = "/sys/class/pwm/" + facts.pins["pilot"].replace("/", "/pwm") + "/"
        duty, period = (int(self._tree.text(folder + name)) for name in ("duty_cycle", "period"))
        outlet.line.drive((duty * 10000 + period // 2) // period)
        outlet.line.disconnect(self._is_high("pilot_relay"))
        if self._is_high("contactor") == facts.contactor_level:
            outlet.contactor.renew(now_ms)  # every renewal was an edge
        else:
            outlet.contactor.drop()
        outlet.residual.test(self._is_high("test") == facts.test_level)
        if not outlet.residual.active:
            outlet.residual.rearm()  # the gate holds only while the line is active
        if self._is_high("lock_a"):
            outlet.lock.engage()
        elif self._is_high("lock_b"):
            outlet.lock.release()
        outlet.phase_switch.select(3 if self._is_high("phase_switch") else 1)

    def _is_high(self, name):
        request = self.line(name)
        return bool(request.level) if request else False

    def _pull(self, name, there, level):
        request = self.line(name)
        wanted = level if there else 1 - level
        changes = request is not None and bool(request.level) != bool(wanted)
        if changes:
            request.pull(wanted)
        return changes

    def _write(self):
        """The converter's channels."""
        facts, outlet = self.facts, self.outlet
        line = outlet.line
        # A detector follows its own peak; of a steady level the other one holds what it saw last.
        if line.duty_bp:
            self._held_mv[0] = line.true_high_mv
        if line.duty_bp < 10000:
            self._held_mv[1] = line.true_low_mv
        for name, mv in zip(("pilot_high", "pilot_low"), self._held_mv, strict=True):
            (cp_mv, pin_mv), (other_mv, other_pin_mv) = facts.pilot_points
            self._convert(name, pin_mv + (mv - cp_mv) * (other_pin_mv - pin_mv) / (other_mv - cp_mv))
        outlet.cable.sample(0)
        ohm = outlet.cable.resistance_ohm
        self._convert("proximity", facts.supply_mv * ohm / (ohm + facts.proximity_pull_ohm))
        at_25_ohm, beta, series_ohm = facts.ntc
        kelvin = outlet.heat.felt_dc() / 10 + ZERO_K
        ohm = at_25_ohm * math.exp(beta * (1 / kelvin - 1 / (25 + ZERO_K)))
        share = 1 if outlet.heat.sensor_open else ohm / (ohm + series_ohm)
        self._convert("temperature", facts.supply_mv * share)

    def _convert(self, name, pin_mv):
        if name not in self._raw:
            channel = self.facts.pins[name].rsplit("/", 1)[1]
            self._tree.adc(channel, "0000")
            path = self._tree.root / f"sys/bus/iio/devices/iio:device0/in_voltage{channel}_raw"
            self._raw[name] = os.open(path, os.O_WRONLY)
        os.pwrite(self._raw[name], b"%04d" % min(max(int(pin_mv * COUNTS / 3300), 0), COUNTS - 1), 0)

    def close(self):
        """No more."""
        for file in self._raw.values():
            os.close(file)
