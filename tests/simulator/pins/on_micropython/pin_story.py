"""A story on each chip, printed: what it does must not depend on the runtime that simulates it."""

# ruff: noqa: F821
# mypy: disable-error-code="name-defined,call-overload,attr-defined"
# The names in the program are the assembler's, and `time` has more on a chip.

import sys
from array import array

from boards.facts import Board
from simulator.pins.assembler import asm_pio
from simulator.pins.chip import Chip


def chip_of(name):
    return Chip(Board(chip=name, lowest_micropython=(1, 27), journal=("journal", 16)), seed=7)


@asm_pio(set_init=2)
def one_shot():
    label("open")
    set(pins, 0)
    pull(block)
    mov(x, osr)
    set(pins, 1)
    label("round")
    pull(noblock)
    mov(x, osr)
    jmp(not_x, "open")
    jmp(x_dec, "round")


def lease(chip):
    import rp2

    chip.pin(8).watch(lambda level, now_us: print("lease", level, now_us))
    sm = rp2.StateMachine(0, one_shot, freq=600000, set_base=8)
    sm.active(1)
    for pause_us in (20000, 20000, 90000, 200000):
        sm.put(15000)
        chip.advance(pause_us)


def ring(chip):
    import machine
    import rp2

    base, request = chip.rules.adc_base, chip.rules.adc_dreq
    chip.pin(26).feed(lambda at_us: 3000 if chip.pin(6).level_at(at_us) else 300)
    pwm = machine.PWM(6, freq=1000, duty_u16=6554)
    machine.ADC(26)
    memory = array("H", [0] * 128)
    dma = rp2.DMA()
    dma.config(write=memory)
    skip = -dma.write % 128 // 2
    cells = memoryview(memory)[skip : skip + 64]
    machine.mem32[base + 16] = 949 << 8 | 127
    machine.mem32[base + 8] = 1 | 1 << 3 | 1 << 24
    ctrl = dma.pack_ctrl(size=1, inc_read=False, ring_size=7, ring_sel=True, treq_sel=request)
    dma.config(read=base + 12, write=cells, count=100000, ctrl=ctrl, trigger=True)
    machine.mem32[base] = 1 | 1 << 3
    for duty in (6554, 60000, 0):
        pwm.duty_u16(duty)
        chip.advance(20000)
        print("ring", dma.count, sorted(cells))


def second(chip):
    import _thread
    import time

    def run():
        for _ in range(3):
            print("core", chip.now_us)
            time.sleep_us(700)

    _thread.start_new_thread(run, ())
    chip.advance(3000)
    print("ends", chip.now_us)


def timers(chip):
    import machine

    timer = machine.Timer(chip.rules.timers[-1])
    timer.init(period=20, callback=lambda timer: print("timer", chip.now_us))
    chip.advance(70000)
    timer.deinit()
    machine.RTC().datetime((2028, 2, 28, 0, 23, 59, 58, 0))
    chip.advance(2500000)
    print("date", machine.RTC().datetime()[:7])


def wires(chip):
    import machine

    tx, rx = (4, 5) if chip.rules.family == "rp2" else (17, 18)
    line = chip.serial(tx, rx)
    line.listen(lambda data, now_us: line.send(bytes(reversed(data))))
    uart = machine.UART(1, 9600, tx=tx, rx=rx)
    uart.write(b"mode3")
    chip.advance(20000)
    print("uart", uart.read(5))
    try:
        machine.I2C(0, sda=0 if chip.rules.family == "rp2" else 11, scl=1).readfrom(80, 1)
    except OSError as error:
        print("i2c", error.args[0])


def memories(chip):
    if chip.rules.family == "rp2":
        import rp2

        device = rp2.Flash()
    else:
        import esp32

        device = esp32.Partition("journal")
    device.writeblocks(2, b"mode3" + b"\xff" * 251, 256)
    found = bytearray(7)
    device.readblocks(2, found, 255)
    print("flash", bytes(found), chip.now_us)


def refusals(chip):
    import machine

    attempts = (
        lambda: machine.Pin(77),
        lambda: machine.Timer(period=1, hard=True),
        lambda: machine.PWM(6, freq=0),
        lambda: machine.WDT(timeout=99999999),
        lambda: machine.UART(9, tx=4, rx=5),
        lambda: machine.ADC(21),
    )
    for attempt in attempts:
        try:
            attempt()
            print("taken")
        except (ValueError, TypeError) as error:
            print("refused", type(error).__name__)


for name in sys.argv[1:]:
    print(name)
    chip = chip_of(name)
    with chip.install():
        for chapter in (lease, ring, second) if name.startswith("rp2") else ():
            chapter(chip)
        for chapter in (timers, wires, memories, refusals):
            chapter(chip)
