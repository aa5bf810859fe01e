"""Around the socket: the lock's H-bridge with its position switch, the phase switch, and the supervision of
the protective earth."""

from simulator.pins.parts.lines import Sensed, output


class LockCircuit:
    """Output a turns the bolt in, output b out; both together brake."""

    def __init__(self, circuit, facts, outlet):
        self._lock = lock = outlet.lock
        pins, chip = facts.pins, circuit.chip
        self._in = output(circuit, pins["lock_a"], 0, self._turn)
        self._out = output(circuit, pins["lock_b"], 0, self._turn)
        self._switch = Sensed(chip.pin(pins["locked"]), facts.lock_level, lambda: lock.holds)

    def look(self):
        """The position switch."""
        self._switch.look()

    def _turn(self, level):
        if self._in.level > self._out.level:
            self._lock.engage()
        elif self._out.level > self._in.level:
            self._lock.release()


class PhaseCircuit:
    """The coil of the second contactor, and its auxiliary contact."""

    def __init__(self, circuit, facts, outlet):
        self._phase_switch = switch = outlet.phase_switch
        pins, chip = facts.pins, circuit.chip
        output(circuit, pins["phase_switch"], 0, self._join)
        self._join(0)  # bistable in the world, held by its coil here
        self._feedback = Sensed(
            chip.pin(pins["phase_feedback"]), facts.phases_level, lambda: switch.joined == 3
        )

    def look(self):
        """The auxiliary contact."""
        self._feedback.look()

    def _join(self, level):
        self._phase_switch.select(3 if level else 1)


def earth_circuit(circuit, facts, outlet):
    """The line that tells of the protective earth."""
    mains = outlet.world.mains
    return Sensed(circuit.chip.pin(facts.pins["earth"]), facts.earth_level, lambda: not mains.earth_lost)
