"""A world without firmware, to try commands in: what cannot be done here can never be done."""

from simulator.portable.flash import Flash
from simulator.portable.world import World
from simulator.remote.commands import Commands
from simulator.wires.network import Network


class Rehearsal:
    """Stands in for a bench: the same board, kernel and physics, but nobody hears, decides or logs."""

    firmware = None

    def __init__(self, bench):
        self.board = bench.board
        self.kernel = bench.kernel
        self.network = Network()
        self.world = World(bench.board, 0, 0)
        self.world.flash = Flash(sectors=1)
        self._commands = Commands(self)

    async def refusal(self, command):
        """Do a command; why it is refused after those before it, or an empty string."""
        answer = await self._commands.perform(command)
        return answer.get("error", "")

    async def power(self, on):
        """The mains go or come."""
        if on:
            self.world.power_on()
        else:
            self.world.power_off()

    def stall(self, duration_ms):
        """There is no processor."""

    def note(self, source, event, **details):
        """Nobody reads it."""
