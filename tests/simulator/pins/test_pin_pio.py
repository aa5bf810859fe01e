"""PIO: the assembler, and a state machine that leaps over loops and yet shows every change at its moment."""

# ruff: noqa: F821
# mypy: disable-error-code="name-defined,call-overload,method-assign"
# The names in the programs are the assembler's.

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.pins.assembler import PIOASMError, asm_pio, asm_pio_encode
from simulator.pins.pio import Core
from simulator.pins.rules import Undefined
from tests.simulator.pins.pin_bench import chip_of, recorded


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


@asm_pio(sideset_init=2)
def square():
    nop().side(1)[4]
    nop().side(0)[2]


@asm_pio(set_init=2, in_shiftdir=0)
def follower():
    wait(1, pin, 0)
    set(pins, 1)
    wait(0, pin, 0)
    set(pins, 0)


@asm_pio()
def echo():
    pull()
    mov(isr, invert(osr))
    push()


@asm_pio(set_init=2)
def two_counters():
    pull()
    mov(x, osr)
    pull()
    mov(y, osr)
    set(pins, 1)
    label("both")
    jmp(not_y, "done")
    jmp(y_dec, "next")
    label("next")
    jmp(x_not_y, "more")
    jmp("done")
    label("more")
    jmp(x_dec, "both")
    label("done")
    set(pins, 0)


def machine_of(chip, program, freq=1000000, number=0, **pins):
    import rp2

    sm = rp2.StateMachine(number, program, freq=freq, **pins)
    sm.active(1)
    return sm


@pytest.fixture
def chip():
    chip = chip_of("rp2350")
    with chip.install():
        yield chip


def test_words_are_those_of_the_data_sheet():
    texts = ("nop()", "set(x, 5)", "pull()", "out(pins, 32)", "wait(1, gpio, 7)")
    assert [asm_pio_encode(text, 0) for text in texts] == [
        0xA042, 0xE025, 0x80A0, 0x6000, 0x2087,
    ]  # fmt: skip
    assert list(one_shot.words) == [0xE000, 0x80A0, 0xA027, 0xE001, 0x8080, 0xA027, 0x0020, 0x0044]
    assert list(square.words) == [0xB442, 0xA242]


def test_programs_that_cannot_be():
    def unknown():
        jmp("nowhere")

    def twice():
        label("a")
        label("a")
        nop()

    def late():
        nop()[32]

    def aside():
        nop().side(1)

    def long():
        for _ in range(33):
            nop()

    for program in (unknown, twice, late, aside, long):
        with pytest.raises(PIOASMError):
            asm_pio()(program)
    assert set("ab") == {"a", "b"}  # the names of the language are its own again


def test_a_lease_ends_by_itself_and_begins_anew_with_each_word(chip):
    changes = recorded(chip.pin(8))
    sm = machine_of(chip, one_shot, set_base=8)
    sm.put(1000)
    chip.advance(10000)
    assert [level for _, level in changes] == [1, 0]
    assert 3990 <= changes[1][0] - changes[0][0] <= 4010  # four cycles a round
    sm.put(1000)
    chip.advance(3000)
    sm.put(1000)
    chip.advance(10000)
    assert 6990 <= changes[3][0] - changes[2][0] <= 7010
    sm.put(1000)
    chip.advance(100)
    sm.put(0)
    chip.advance(10)
    assert chip.pin(8).level == 0


def slowly(core, last):
    """Instead of `Core._leap`: every round is executed."""


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 3000)), min_size=1, max_size=8),
    st.sampled_from([77, 501]),
)
def test_a_leap_is_what_its_rounds_are(words, kilohertz):
    def run(leap):
        chip = chip_of("rp2040")
        keep, Core._leap = Core._leap, leap
        try:
            with chip.install():
                changes = recorded(chip.pin(8))
                sm = machine_of(chip, one_shot, freq=kilohertz * 1000, set_base=8)
                for word, pause_us in words:
                    sm.put(word)
                    chip.advance(pause_us)
                chip.advance(50000)
                return changes
        finally:
            Core._leap = keep

    assert run(Core._leap) == run(slowly)


@given(st.integers(0, 300), st.integers(0, 300))
def test_two_counters_leap_no_further_than_they_meet(first, second):
    def run(leap):
        chip = chip_of("rp2040")
        keep, Core._leap = Core._leap, leap
        try:
            with chip.install():
                changes = recorded(chip.pin(8))
                sm = machine_of(chip, two_counters, set_base=8)
                sm.put(first)
                sm.put(second)
                chip.advance(10000)
                return changes
        finally:
            Core._leap = keep

    assert run(Core._leap) == run(slowly)


def test_side_set_and_delays_make_a_square_wave(chip):
    changes = recorded(chip.pin(8))
    machine_of(chip, square, sideset_base=8)
    chip.advance(79)
    assert changes == [(8 * n + at, level) for n in range(10) for at, level in ((0, 1), (5, 0))]


def test_an_input_is_followed(chip):
    chip.pin(5).feed_level(lambda now_us: now_us // 100 % 2)
    changes = recorded(chip.pin(8))
    machine_of(chip, follower, set_base=8, in_base=5)
    chip.advance(1010)
    assert [level for _, level in changes] == [1, 0] * 5
    assert all(at % 100 <= 4 for at, _ in changes)


def test_words_come_back(chip):
    sm = machine_of(chip, echo)
    sm.put(5)
    assert sm.get() == 0xFFFFFFFA
    sm.put([1, 2])
    assert sm.get([0, 0]) == [0xFFFFFFFE, 0xFFFFFFFD]


def test_two_machines_change_their_pins_in_order(chip):
    changes = []
    for pin in (8, 9):
        chip.pin(pin).watch(lambda level, now_us, pin=pin: changes.append((now_us, pin, level)))
    first, second = (machine_of(chip, one_shot, number=n, set_base=8 + n) for n in range(2))
    first.put(1000)
    second.put(300)
    chip.advance(10000)
    assert [(pin, level) for _, pin, level in changes] == [(8, 1), (9, 1), (9, 0), (8, 0)]
    assert changes == sorted(changes)


def test_an_interrupt_from_one_machine_reaches_the_other_at_once(chip):
    from machine import Pin

    first, second = (machine_of(chip, one_shot, number=n, set_base=8 + n) for n in range(2))
    changes = recorded(chip.pin(9))
    Pin(8).irq(lambda pin: second.put(0), Pin.IRQ_FALLING, hard=True)
    second.put(10000)
    first.put(100)
    chip.advance(100000)
    assert [level for _, level in changes] == [1, 0]
    assert changes[1][0] < 440


def test_an_instruction_out_of_turn(chip):
    sm = machine_of(chip, one_shot, set_base=8)
    sm.exec("set(pins, 1)")
    assert chip.pin(8).level == 1


def test_a_machine_that_halts_leaves_its_pin(chip):
    sm = machine_of(chip, one_shot, set_base=8)
    sm.put(10000)
    chip.advance(100)
    sm.active(0)
    chip.advance(1000000)
    assert (chip.pin(8).level, sm.active()) == (1, False)


def test_waiting_for_ever_is_told(chip):
    sm = machine_of(chip, one_shot, set_base=8)
    sm.active(0)
    for _ in range(4):
        sm.put(1)
    assert sm.tx_fifo() == 4
    with pytest.raises(Undefined, match="never returns"):
        sm.put(1)
    with pytest.raises(Undefined, match="never returns"):
        sm.get()


def test_what_the_port_refuses():
    for name, blocks in (("rp2040", 2), ("rp2350", 3)):
        with chip_of(name).install():
            import rp2

            rp2.PIO(blocks - 1)
            with pytest.raises(ValueError, match="invalid PIO"):
                rp2.PIO(blocks)
            with pytest.raises(ValueError, match="invalid StateMachine"):
                rp2.StateMachine(blocks * 4)
            with pytest.raises(ValueError, match="external resource"):
                rp2.StateMachine(4)
            for freq in (100, 0, 500000000):
                with pytest.raises(ValueError, match="out of range"):
                    rp2.StateMachine(0, one_shot, freq=freq, set_base=8)


def test_programs_share_the_memory_of_their_block(chip):
    import rp2

    def filler():
        for _ in range(30):
            nop()

    sm = rp2.PIO(0).state_machine(0, asm_pio()(filler))
    rp2.PIO(0).state_machine(1, square, sideset_base=8)
    with pytest.raises(OSError, match="12"):
        rp2.PIO(0).add_program(one_shot)
    rp2.PIO(0).remove_program()
    rp2.PIO(0).add_program(one_shot)
    assert not sm.active()


def test_whoever_sees_a_change_may_take_time_and_answer(chip):
    from machine import Pin

    changes = recorded(chip.pin(8))
    sm = machine_of(chip, one_shot, set_base=8)

    def answer(pin):
        chip.spend(50)
        sm.put(0)

    Pin(8).irq(answer, Pin.IRQ_RISING, hard=True)
    sm.put(10000)
    chip.advance(100000)
    assert [level for _, level in changes] == [1, 0]
    assert 50 <= changes[1][0] - changes[0][0] <= 60
