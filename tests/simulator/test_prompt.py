"""The prompt: the line that is typed and what happens never garble each other; no input hangs or spins it."""

import asyncio
import io
import os
import termios

import pytest

from simulator.terminal import prompt
from simulator.terminal.prompt import MARK, Piped, Prompt, Typed
from tests.simulator import terminals

BOUND_S = 20


def bounded(story):
    return asyncio.run(asyncio.wait_for(story, BOUND_S))


def console(file, **options):
    return prompt.Screen(file=file, highlight=False, markup=False, **options)


def modes(descriptor):
    return termios.tcgetattr(descriptor)[3] & (termios.ECHO | termios.ICANON)


async def lines_of(one, count):
    return [await one.line() for _ in range(count)]


def gone():
    raise AssertionError("the screen is there")


def test_what_happens_is_printed_above_the_line_that_is_typed():
    async def story():
        with terminals.terminal() as (outer, inner), open(os.dup(inner), "w") as file:
            before = modes(inner)
            one = Typed(console(file, force_terminal=True, width=60), gone, inner, lambda text: ())
            screen = terminals.Screen(outer)
            os.write(outer, b"swipe CA")
            await screen.shows(lambda lines: lines[-1].endswith("CA"))
            one.print("a car is plugged in", "status Preparing")
            os.write(outer, b"RD-1\r")
            assert await one.line() == "swipe CARD-1"
            one.print("card CARD-1")
            one.close()
            await screen.shows(lambda lines: lines[-1] == "")
            assert screen.lines() == [
                "a car is plugged in",
                "status Preparing",
                MARK + "swipe CARD-1",
                "card CARD-1",
                "",
            ]
            assert modes(inner) == before

    bounded(story())


def test_a_long_line_shows_the_end_that_is_typed():
    async def story():
        with terminals.terminal() as (outer, inner), open(os.dup(inner), "w") as file:
            one = Typed(console(file, force_terminal=True, width=30), gone, inner, lambda text: ())
            screen = terminals.Screen(outer)
            os.write(outer, b"x" * 50 + b"end")
            await screen.shows(lambda lines: lines[-1].endswith("end"))
            assert len(screen.lines()[-1]) < 30
            os.write(outer, b"\r")
            assert await one.line() == "x" * 50 + "end"
            one.close()

    bounded(story())


@pytest.mark.parametrize("end", [b"\x04", None])
def test_the_end_of_a_terminal_means_quit(end):
    async def story():
        with terminals.terminal() as (outer, inner), open(os.dup(inner), "w") as file:
            one = Typed(console(file, force_terminal=True), lambda: None, inner, lambda text: ())
            if end:
                os.write(outer, end)
            else:
                os.close(outer)
            assert await one.line() == "quit"
            one.print("a terminal that is gone takes nothing")
            one.close()

    bounded(story())


def test_a_pipe_gives_its_lines_and_then_none():
    async def story():
        reading, writing = os.pipe()
        one = Piped(console(io.StringIO()), gone, reading)
        os.write(writing, b"plug\nswi")
        os.write(writing, b"pe CARD-1\n\nget")
        assert await lines_of(one, 3) == ["plug", "swipe CARD-1", ""]
        os.close(writing)
        assert await one.line() == "get"
        await no_more(one)
        one.close()
        os.close(reading)

    bounded(story())


async def no_more(one):
    """None once; and nothing is read any more: an end that stays readable would keep the loop busy."""
    assert await one.line() is None
    waiting = asyncio.ensure_future(one.line())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not waiting.done()
    assert not asyncio.get_running_loop().remove_reader(one._file)
    waiting.cancel()


def test_a_pipe_without_line_ends_is_cut():
    async def story():
        reading, writing = os.pipe()
        one = Piped(console(io.StringIO()), gone, reading)
        for _ in range(3):
            os.write(writing, b"y" * prompt.CHUNK_BYTES)
        assert len(await one.line()) <= 2 * prompt.CHUNK_BYTES
        os.close(writing)
        one.close()
        os.close(reading)

    bounded(story())


@pytest.mark.parametrize("text", ["plug\nget\n", "plug\nget"])
def test_a_file_gives_its_lines(tmp_path, text):
    async def story():
        (tmp_path / "input").write_text(text)
        with open(tmp_path / "input") as file:
            one = Piped(console(io.StringIO()), gone, file.fileno())
            assert await lines_of(one, 2) == ["plug", "get"]
            await no_more(one)

    bounded(story())


def test_dev_null_gives_nothing():
    async def story():
        with open(os.devnull) as file:
            await no_more(Piped(console(io.StringIO()), gone, file.fileno()))

    bounded(story())


@pytest.mark.parametrize("stdin", [None, io.StringIO("plug\n")])
def test_without_a_descriptor_there_is_a_screen_alone(monkeypatch, stdin):
    async def story():
        monkeypatch.setattr("sys.stdin", stdin)
        output = io.StringIO()
        one = prompt.open_prompt(console(output), gone)
        assert type(one) is Prompt
        one.print("status", "Charging")
        assert output.getvalue() == "status\nCharging\n"
        assert await one.line() is None

    bounded(story())


def test_a_terminal_that_is_not_ours_is_left_alone(monkeypatch):
    """A job in the background would be stopped for touching it."""

    async def story():
        with terminals.terminal() as (_, inner), open(os.dup(inner)) as file:
            before = modes(inner)
            monkeypatch.setattr("sys.stdin", file)
            one = prompt.open_prompt(console(io.StringIO(), force_terminal=True), gone)
            assert type(one) is Prompt
            assert modes(inner) == before

    bounded(story())


def test_a_reader_that_has_gone_is_told_once_and_breaks_nothing():
    async def story():
        reading, writing = os.pipe()
        told = []
        with open(writing, "w") as file:
            one = Prompt(console(file), lambda: told.append("gone"))
            one.print("first")
            os.close(reading)
            one.print("second")
            one.print("third")
        assert told == ["gone"]

    bounded(story())
