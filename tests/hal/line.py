"""A serial line on a bench: a clock that moves when told, a scripted port, a meter's truth, a bad wire."""

from control.ticks import add, diff
from hal.byteport import BytePort

START_MS = 1000


class Clock:
    """Monotonic ms that wrap at 2^30."""

    def __init__(self, start_ms=START_MS):
        self._now_ms = start_ms

    def now_ms(self):
        return self._now_ms

    def pass_ms(self, duration_ms):
        self._now_ms = add(self._now_ms, duration_ms)


class Truth:
    """What a meter measures. `at(k)` gives every value a trace of `k`, so that a mixture of moments shows."""

    def __init__(self):
        self.voltage_mv = [230123, 231000, 229877]
        self.current_ma = [16000, 15999, 6001]
        self.power_w = [3680, 3695, -1380]
        self.energy_wh = 1234567
        self.frequency_mhz = 49985
        self.silent = False

    def at(self, k):
        for phase in range(3):
            self.voltage_mv[phase] = 220000 + 10 * k + phase
            self.current_ma[phase] = 6000 + 10 * k + phase
            self.power_w[phase] = 1000 + 10 * k + phase
        self.energy_wh = 500000 + k


def moments(meter):
    """The `k` of each value that `meter` shows: of its first block, and of its register."""
    first = set()
    for phase in range(3):
        first.add((meter.voltage_mv[phase] - 220000 - phase) / 10)
        first.add((meter.current_ma[phase] - 6000 - phase) / 10)
        first.add((meter.power_w[phase] - 1000 - phase) / 10)
    return first, meter.energy_wh - 500000


def values(meter):
    return meter.voltage_mv, meter.current_ma, meter.power_w, meter.energy_wh


class ScriptedPort(BytePort):
    """Hands out what a test laid into `arriving`, piece by piece, and keeps what was sent."""

    def __init__(self):
        self.sent = []
        self.arriving = []

    def write(self, data):
        self.sent.append(bytes(data))

    def read(self):
        return self.arriving.pop(0) if self.arriving else b""


class BadWire(BytePort):
    """Between a master and `port`: what a read brings is first given to `spoil(data)`, which makes a list of
    (delay in ms, bytes) of it."""

    def __init__(self, port, clock, spoil):
        self._port = port
        self._clock = clock
        self._spoil = spoil
        self._coming = []

    def write(self, data):
        self._port.write(data)

    def read(self):
        now_ms = self._clock.now_ms()
        data = self._port.read()
        if data:
            self._coming += [(add(now_ms, delay_ms), part) for delay_ms, part in self._spoil(data)]
        here = [part for at_ms, part in self._coming if diff(now_ms, at_ms) >= 0]
        self._coming = [(at_ms, part) for at_ms, part in self._coming if diff(now_ms, at_ms) < 0]
        return b"".join(here)


def run(meter, clock, duration_ms, each=None):
    """Poll as the firmware does, sleeping what `poll` asks for; `each(elapsed_ms)` runs before every poll."""
    elapsed_ms = polls = 0
    while elapsed_ms < duration_ms:
        if each is not None:
            each(elapsed_ms)
        wait_ms = meter.poll(clock.now_ms())
        assert 1 <= wait_ms <= 5000, "a poll neither spins nor sleeps for long"
        wait_ms = min(wait_ms, duration_ms - elapsed_ms)
        clock.pass_ms(wait_ms)
        elapsed_ms += wait_ms
        polls += 1
    return polls
