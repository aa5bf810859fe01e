"""Every driver that the tick calls, each call under a locked heap, over a stand-in for the processor: its
parts answer with numbers and allocate nothing. Prints how many calls there were, and what was seen."""

import sys


class Pin:
    IN, OUT, PULL_UP, PULL_DOWN, IRQ_RISING, IRQ_FALLING = range(6)
    levels = {}  # type: dict
    handlers = {}  # type: dict

    def __init__(self, number, mode=0, pull=None, value=None):
        self.number = number
        if value is not None:
            self.levels[number] = value
        self.levels.setdefault(number, 0)

    def value(self, level=None):
        if level is None:
            return self.levels[self.number]
        self.levels[self.number] = level
        return None

    def irq(self, handler, trigger, hard=False):
        self.handlers[self.number] = handler


class PWM:
    duty = 0

    def __init__(self, pin, freq, duty_u16):
        PWM.duty = duty_u16

    def duty_u16(self, value):
        PWM.duty = value


class ADC:
    values = {}  # type: dict

    def __init__(self, pin):
        self.number = pin.number

    def read_u16(self):
        return self.values[self.number]


class CalibratedADC:
    """ESP32's: a square wave of the duty that is driven."""

    ATTN_11DB = 3

    def __init__(self, pin, atten):
        self.number = pin.number
        self.at_us = 0

    def read_uv(self):
        self.at_us = (self.at_us + 81) % 1000
        return 2379000 if self.at_us * 65 < PWM.duty else 297000

    def read_u16(self):
        return 30000


class Registers:
    def __getitem__(self, address):
        return 1 << 8

    def __setitem__(self, address, value):
        pass


class Module:
    pass


class DMA:
    starts = 0

    def __init__(self):
        self.count = 0
        self.write = 0x20001000

    def pack_ctrl(self, **fields):
        return 0

    def config(self, write=None, count=None, **rest):
        self.ring = write
        if count:
            self.count = count

    def active(self, on):
        DMA.starts += 1


class StateMachine:
    words = 0

    def __init__(self, number, program, freq, set_base):
        self.last = 0

    def active(self, on):
        pass

    def tx_fifo(self):
        return 0

    def put(self, word):
        StateMachine.words += 1
        self.last = word


class PIO:
    OUT_LOW, OUT_HIGH = 2, 3

    def __init__(self, number):
        pass


def asm_pio(**settings):
    return lambda program: program


machine = Module()
machine.Pin, machine.PWM, machine.ADC, machine.mem32 = Pin, PWM, ADC, Registers()  # type: ignore[attr-defined]
rp2 = Module()
rp2.DMA, rp2.StateMachine, rp2.PIO, rp2.asm_pio = DMA, StateMachine, PIO, asm_pio  # type: ignore[attr-defined]
sys.modules["machine"] = machine  # type: ignore[assignment]
sys.modules["rp2"] = rp2  # type: ignore[assignment]


class Parts:
    pilot = None
    contactor = None


class Calls:
    """Makes calls under a locked heap."""

    def __init__(self):
        import micropython

        self.made = 0
        self._lock = micropython.heap_lock
        self._unlock = micropython.heap_unlock

    def call(self, method, *arguments):
        # Both are bound here, where the heap is open.
        count = len(arguments)
        first = arguments[0] if arguments else None
        try:
            self._lock()
            if count:
                method(first)
            else:
                method()
        finally:
            self._unlock()
        self.made += 1


def rp2_reading(converter, high, duty):
    """Let 20 ms of readings arrive: `high` or -12 V (3.6 % of the scale), in 1010 readings."""
    dma = converter._dma
    ring = converter._ring
    for index in range(len(ring)):
        ring[index] = high + index % 3 if index * 20 % 1000 < duty else 402 + index % 2
    dma.count -= 1010


def socket_parts(facts, pilot):
    from hal.gpio import earth, lock, phase_switch, proximity, thermistor

    made = Parts()
    made.pilot = pilot
    return [driver.make(facts, 1, made) for driver in (proximity, thermistor, lock, phase_switch, earth)]


def tick(calls, parts, now_ms):
    for part in parts:
        calls.call(part.sample, now_ms)


def exercise(calls, facts, pilot, contactor, before):
    from hal.gpio import rcd

    made = Parts()
    made.contactor = contactor
    trip = rcd.make(facts, 1, made)
    others = socket_parts(facts, pilot)
    lock, switch = others[2], others[3]
    parts = [pilot, contactor, trip]
    parts.extend(others)
    seen = []
    now_ms = 0x3FFFFFFF - 100
    for duty_bp in (0, 10000, 500, 1000, 5000, 9600):
        calls.call(pilot.drive, duty_bp)
        calls.call(pilot.disconnect, duty_bp == 0)
        for step in range(10):
            now_ms = (now_ms + 20) & 0x3FFFFFFF
            before(duty_bp // 10)
            tick(calls, parts, now_ms)
            calls.call(contactor.renew if step < 8 else contactor.drop, *((now_ms,) if step < 8 else ()))
            calls.call(trip.test, step == 3)
            if step == 3:
                calls.call(Pin.handlers[facts.pins["trip"]], None)
            if step == 6:
                calls.call(trip.rearm)
            calls.call(switch.select, 1 + 2 * (step & 1))
            if step in (1, 5):
                calls.call(lock.engage if step == 1 else lock.release)
        seen.append((pilot.valid, pilot.high_mv // 100, pilot.low_mv // 100))
    print(seen)
    print(others[0].resistance_ohm, others[1].temperature_dc, others[1].valid, trip.tripped)


class Wasteful:
    """Proves that a call which allocates is noticed."""

    kept = None

    def sample(self, now_ms):
        self.kept = [now_ms]


def notices(calls):
    try:
        calls.call(Wasteful().sample, 0)
    except MemoryError:
        return True
    return False


def facts_of_a_connector():
    from boards.facts import Connector

    names = (
        "pilot pilot_relay contactor mirror trip test lock_a lock_b locked phase_switch phase_feedback earth"
    )
    pins = {name: index for index, name in enumerate(names.split())}
    pins.update({"pilot_sense": 26, "proximity": 27, "temperature": 28})
    ADC.values.update({26: 0, 27: 11800, 28: 32767})
    Pin.levels.update({pins["trip"]: 0, pins["mirror"]: 1})
    return Connector(pins=pins, pilot_points=((-12000, 324), (12000, 2919)))


def rp2_pilot(facts):
    from hal.rp2 import pilot

    return pilot.make(facts, 1, None)


def main():
    from hal.gpio import monostable
    from hal.rp2 import contactor

    facts = facts_of_a_connector()
    calls = Calls()
    print(notices(calls))
    pilot = rp2_pilot(facts)
    converter = pilot._converter
    exercise(
        calls, facts, pilot, contactor.make(facts, 1, None), lambda duty: rp2_reading(converter, 3221, duty)
    )
    converter._dma.count = 0
    calls.call(pilot.sample, 0)
    print(pilot.valid, DMA.starts)

    machine.ADC = CalibratedADC  # type: ignore[attr-defined]
    from hal.esp32 import pilot as esp32_pilot

    facts.pilot_points = ((-12000, 297), (12000, 2676))
    pilot = esp32_pilot.make(facts, 1, None)
    exercise(calls, facts, pilot, monostable.make(facts, 1, None), lambda duty: None)
    print(calls.made, StateMachine.words > 0)


if __name__ == "__main__":
    main()
