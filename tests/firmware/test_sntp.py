"""The date from a time server: what is asked, which answers count, and what a charger without a date goes
by."""

import asyncio

import hypothesis.strategies as st
import pytest
from hypothesis import given

from firmware import sntp
from firmware.clock import LAST_KNOWN_MS, RELEASED_MS
from firmware.journal import Journal
from firmware.sntp import AGAIN_MS, DAY_MS, TimeServer
from hal import contract
from simulator.portable.flash import Flash
from tests.firmware.stage import play
from tests.firmware.test_clock import NOON, boot

NONCE = b"01234567"
SINCE_1900_S = 2208988800


@pytest.fixture
def flash():
    flash = Flash(None, 8, 4096)
    journal = Journal(flash)
    while journal.prepare():
        pass
    return flash


def answer(unix_ms, nonce=NONCE, first=0x24, stratum=2):
    """As RFC 5905, 7.3, lays it out."""
    seconds, fraction = divmod(unix_ms, 1000)
    told = (seconds + SINCE_1900_S & 0xFFFFFFFF).to_bytes(4, "big") + (fraction * 2**32 // 1000).to_bytes(
        4, "big"
    )
    return bytes([first, stratum]) + bytes(22) + nonce + bytes(8) + told


def test_a_question_is_a_client_s_and_tells_nothing_of_the_charger():
    asked = sntp.question(NONCE)
    assert len(asked) == 48
    assert asked[0] == 0x23, "version 4, client"
    assert asked[40:] == NONCE
    assert not any(asked[1:40])


@given(st.integers(0, 2**32 * 1000 - 1))
def test_an_answer_tells_the_moment_to_the_millisecond_over_the_era_of_2036(since_1968_ms):
    unix_ms = since_1968_ms - (SINCE_1900_S - 2**31) * 1000
    assert 0 <= unix_ms - sntp.unix_ms(answer(unix_ms), NONCE) <= 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "something else"),
        (answer(NOON)[:47], "something else"),
        (answer(NOON, b"76543210"), "something else"),
        (answer(NOON, first=0x23), "does not know"),
        (answer(NOON, first=0xE4), "does not know"),
        (answer(NOON, stratum=0), "will not tell"),
        (answer(NOON, stratum=16), "will not tell"),
        (answer(NOON)[:40] + bytes(8), "will not tell"),
    ],
)
def test_what_is_no_answer_counts_for_nothing(data, reason):
    with pytest.raises(ValueError, match=reason):
        sntp.unix_ms(data, NONCE)


class Network(contract.Network):
    """Answers as it is told; each question takes 200 ms there and back."""

    def __init__(self, hal_clock, *answers):
        self._hal_clock = hal_clock
        self.answers = list(answers)
        self.asked: list = []

    async def ask(self, host, port, question):
        self.asked.append((host, port))
        self._hal_clock.advance(200)
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        if found is None:
            await asyncio.Event().wait()
        return found


def asking(flash, *answers, monkeypatch=None, **options):
    """A clock, and what a time server with these answers made of it."""
    hal_clock, clock = boot(flash, **options)
    clock.random_bytes = lambda count: NONCE
    told: list = []
    server = TimeServer("time.example", clock, Network(hal_clock, *answers), told.append)
    return hal_clock, clock, server, told


def test_the_date_counts_from_the_middle_of_the_wait(flash):
    hal_clock, clock, server, told = asking(flash, answer(NOON))
    assert not server.tried
    assert asyncio.run(server.ask())
    assert server.tried
    assert server._network.asked == [("time.example", 123)]
    assert (clock.known, clock.source) == (True, "sntp")
    assert clock.stamp()[2] == NOON + 100
    assert hal_clock.rtc_ms // 1000 == NOON // 1000
    assert told == []


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (OSError("its name is not known"), "its name is not known"),
        (b"short", "it answered something else"),
        (answer(RELEASED_MS - 1000), "the date that it tells cannot be right"),
        (answer(4_102_444_800_000), "the date that it tells cannot be right"),
        (None, "it does not answer"),
    ],
)
def test_why_there_is_no_date_is_told_once(flash, monkeypatch, found, reason):
    monkeypatch.setattr(sntp, "ANSWER_S", 0.001)
    _hal_clock, clock, server, told = asking(flash, found, found, answer(NOON), found)
    assert not asyncio.run(server.ask())
    assert not asyncio.run(server.ask())
    assert server.tried
    assert not clock.known
    assert told == [{"event": "no_date", "server": "time.example", "reason": reason}]
    assert asyncio.run(server.ask())
    assert not asyncio.run(server.ask()), "and again after a success"
    assert len(told) == 2


def test_the_backend_knows_better(flash):
    _hal_clock, clock, server, told = asking(flash, answer(NOON + 5000))
    clock.set_unix_ms(NOON)
    assert asyncio.run(server.ask())
    assert (clock.source, clock.stamp()[2]) == ("ocpp", NOON + 200)
    assert told == []


def test_it_is_asked_soon_again_until_it_answers_and_then_each_day(flash):
    _hal_clock, clock, server, _ = asking(flash, b"", answer(NOON), answer(NOON))
    waits: list = []

    async def sleep_ms(duration_ms):
        waits.append(duration_ms)
        if len(waits) == 3:
            clock.set_unix_ms(NOON)
        if len(waits) == 4:
            raise KeyboardInterrupt

    clock.sleep_ms = sleep_ms
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(server.keep())
    assert waits == [AGAIN_MS, DAY_MS, DAY_MS, DAY_MS]
    assert len(server._network.asked) == 3, "not once the backend has told the date"


def proven(clock, unix_ms):
    """A backend told the date whose certificate had been held against the roots, and was good by that date
    the next time."""
    clock.proven = True
    clock.set_unix_ms(unix_ms)
    clock.judged()


def test_a_date_before_what_a_proven_backend_told_is_not_believed(flash):
    _hal_clock, clock = boot(flash)
    proven(clock, NOON)
    _hal_clock, clock = boot(flash)
    assert clock.least_ms() == NOON
    assert not clock.believe(NOON - 1)
    assert clock.believe(NOON)


def test_a_wrong_date_of_a_time_server_is_taken_back_by_its_next_answer(flash):
    hal_clock, clock = boot(flash)
    assert clock.believe(NOON + 10**12)
    assert clock.believe(NOON)
    assert (clock.stamp()[2], hal_clock.rtc_ms) == (NOON, NOON)


def test_a_wrong_date_of_a_time_server_does_not_outlive_a_restart_as_a_bound(flash):
    hal_clock, clock = boot(flash)
    assert clock.believe(NOON + 10**12)
    for rtc_ms in (0, NOON + 10**12):  # without a battery, and with
        hal_clock, clock = boot(flash, rtc_ms=rtc_ms)
        assert clock.least_ms() == RELEASED_MS
        assert clock.believe(NOON)
        assert hal_clock.rtc_ms == NOON


def test_a_wrong_date_of_a_backend_that_proved_nothing_is_no_bound(flash):
    _hal_clock, clock = boot(flash)
    clock.set_unix_ms(NOON + 10**12)
    hal_clock, clock = boot(flash)
    assert clock.least_ms() == RELEASED_MS
    clock.assume()
    assert hal_clock.rtc_ms == RELEASED_MS
    assert clock.believe(NOON)


def test_what_an_unproven_backend_told_becomes_a_bound_once_a_proven_one_says_the_same(flash):
    _hal_clock, clock = boot(flash)
    clock.set_unix_ms(NOON)
    assert clock.least_ms() == RELEASED_MS
    proven(clock, NOON + 300)
    assert clock.least_ms() == NOON


def test_what_is_known_is_kept_now_and_then(flash):
    hal_clock, clock = boot(flash)
    proven(clock, NOON)
    steps = LAST_KNOWN_MS // 300_000
    for step in range(1, steps + 1):
        hal_clock.advance(300_000)
        clock.set_unix_ms(NOON + step * 300_000)
        kept_ms = Journal(flash).get("clock_least") * 1000
        assert kept_ms == (NOON if step < steps else NOON + LAST_KNOWN_MS)
    hal_clock, clock = boot(flash)
    assert clock.least_ms() == NOON + LAST_KNOWN_MS


def test_a_wrong_date_is_forgotten_once_it_is_corrected(flash):
    hal_clock, clock = boot(flash)
    proven(clock, NOON + 10**12)
    hal_clock.advance(1000)
    proven(clock, NOON)
    hal_clock, clock = boot(flash)
    assert clock.least_ms() == NOON


FAR_MS = NOON + 10**12
"""Decades later: by then every certificate has expired."""


@pytest.mark.parametrize("rtc_ms", [0, NOON])
def test_a_wrong_date_of_a_proven_backend_is_no_bound_before_a_certificate_was_good_by_it(flash, rtc_ms):
    hal_clock, clock = boot(flash, rtc_ms=rtc_ms)
    clock.assume()
    clock.proven = True
    clock.judged()
    clock.set_unix_ms(FAR_MS)
    assert clock.stamp()[2] == FAR_MS
    assert hal_clock.rtc_ms == FAR_MS
    # The next certificates are judged by it, and by what is sure, in turns.
    turns = []
    for _ in range(4):
        clock.assume()
        turns.append(hal_clock.rtc_ms)
    assert turns == [FAR_MS, RELEASED_MS] * 2
    # The server is right again.
    clock.judged()
    clock.set_unix_ms(NOON)
    assert hal_clock.rtc_ms == NOON
    clock.assume()
    clock.judged()
    assert clock.least_ms() == NOON
    clock.assume()
    assert hal_clock.rtc_ms == NOON


@pytest.mark.parametrize("battery", [False, True])
def test_a_wrong_date_of_a_proven_backend_does_not_outlive_a_restart(flash, battery):
    hal_clock, clock = boot(flash)
    clock.assume()
    clock.proven = True
    clock.judged()
    clock.set_unix_ms(FAR_MS)
    hal_clock, clock = boot(flash, rtc_ms=FAR_MS if battery else 0)
    assert not clock.known
    turns = []
    for _ in range(2):
        clock.assume()
        turns.append(hal_clock.rtc_ms)
    assert turns[-1] == RELEASED_MS
    assert clock.believe(NOON)
    assert hal_clock.rtc_ms == NOON
    _, clock = boot(flash, rtc_ms=NOON)
    assert clock.source == "rtc"


def linked(flash, told_ms, good, attempts=2):
    """Power up without a battery, dial until a certificate is `good` by the date, and hear `told_ms`."""
    journal = Journal(flash)
    while journal.prepare():
        pass
    hal_clock, clock = boot(flash)
    for _ in range(attempts):
        clock.assume()
        if good(hal_clock.rtc_ms):
            clock.proven = True
            clock.judged()
            clock.set_unix_ms(told_ms)
            break
    else:
        raise AssertionError("no certificate was good")
    return hal_clock, clock


def test_a_bound_follows_over_boots_of_one_link_each_after_any_gap(flash):
    """Certificates of 90 days, each renewed after 60, and a charger that is switched on every other day."""
    for day in range(1, 300, 2):
        renewed = day // 60 * 60

        def good(rtc_ms, since=renewed):
            return since - 1 <= (rtc_ms - RELEASED_MS) / DAY_MS <= since + 89

        _hal_clock, clock = linked(flash, RELEASED_MS + day * DAY_MS, good)
        assert clock.least_ms() >= RELEASED_MS + (day - 2) * DAY_MS or day == 1
    # What was told last is tried the next time; once it was good, nothing is left beside the bound.
    assert Journal(flash).get("clock_told")
    linked(flash, RELEASED_MS + (day + 0.1) * DAY_MS, good)
    assert not Journal(flash).get("clock_told")


def test_a_date_that_was_told_is_tried_after_a_restart_and_binds_nobody_before_it_was_good(flash):
    def good(rtc_ms):
        return rtc_ms < NOON + 90 * DAY_MS

    linked(flash, NOON, good)
    linked(flash, NOON, good)
    assert boot(flash)[1].least_ms() == NOON
    linked(flash, FAR_MS, good)
    for _ in range(2):  # also where nobody puts it right at first
        hal_clock, clock = boot(flash)
        assert (clock.known, clock.least_ms()) == (False, NOON)
        turns = []
        for _ in range(4):
            clock.assume()
            turns.append(hal_clock.rtc_ms)
        assert turns == [FAR_MS, NOON] * 2
        assert clock.believe(NOON)
    linked(flash, NOON + 3 * DAY_MS, good)
    hal_clock, clock = linked(flash, NOON + 4 * DAY_MS, good, attempts=1)
    assert clock.least_ms() == NOON + 4 * DAY_MS
    # A bound that is too late, because a certificate outlasts a lie, goes back the same way.
    linked(flash, NOON + 50 * DAY_MS, good)
    linked(flash, NOON + 50 * DAY_MS, good)
    assert boot(flash)[1].least_ms() == NOON + 50 * DAY_MS
    linked(flash, NOON + 5 * DAY_MS, good)
    hal_clock, clock = linked(flash, NOON + 5 * DAY_MS, good, attempts=1)
    assert (hal_clock.rtc_ms, clock.least_ms()) == (NOON + 5 * DAY_MS, NOON + 5 * DAY_MS)


TOLD_MS = NOON + 10 * DAY_MS


@pytest.mark.parametrize(
    ("rtc_ms", "tried_ms"), [(0, TOLD_MS), (TOLD_MS + DAY_MS, TOLD_MS + DAY_MS), (FAR_MS, FAR_MS)]
)
def test_of_a_date_that_was_told_a_real_time_clock_with_a_battery_knows_more(flash, rtc_ms, tried_ms):
    linked(flash, TOLD_MS, lambda rtc_ms: True)
    hal_clock, clock = boot(flash, rtc_ms=rtc_ms)
    clock.assume()
    assert hal_clock.rtc_ms == tried_ms
    clock.judged()
    # What nobody told binds nobody, and hides nothing of what was told.
    assert clock.least_ms() == (RELEASED_MS if tried_ms == FAR_MS else TOLD_MS)
    clock.assume()
    assert hal_clock.rtc_ms == clock.least_ms()
    clock.assume()
    assert hal_clock.rtc_ms == TOLD_MS


def test_a_server_whose_clock_jumps_to_and_fro_wears_out_no_flash(flash):
    hal_clock, clock = boot(flash)
    proven(clock, NOON)
    written = clock._journal.written
    for step in range(1, 200):
        hal_clock.advance(1000)
        clock.set_unix_ms(NOON + step * 1000 + step % 2 * 3000)
    assert clock._journal.written == written
    assert clock.least_ms() == NOON


def test_what_a_proven_backend_tells_of_a_date_that_was_good_already_counts_at_once(flash):
    """A real-time clock with a battery was right, and the certificate was judged by it."""
    hal_clock, clock = boot(flash, rtc_ms=NOON)
    clock.proven = True
    clock.assume()
    clock.judged()
    clock.set_unix_ms(NOON + 60_000)
    assert clock.least_ms() == NOON + 60_000
    _, clock = boot(flash, rtc_ms=hal_clock.rtc_ms)
    assert clock.source == "rtc"


def test_certificates_are_judged_by_the_least_that_it_can_be_and_nothing_is_known_by_that(flash):
    hal_clock, clock = boot(flash)
    clock.assume()
    assert hal_clock.rtc_ms == RELEASED_MS
    assert (clock.known, clock.stamp()[2]) == (False, None)
    # A restart of the processor leaves the real-time clock running.
    hal_clock, clock = boot(flash, rtc_ms=RELEASED_MS + 60_000)
    assert not clock.known
    clock.assume()
    assert hal_clock.rtc_ms == RELEASED_MS + 60_000, "it does not go back"
    # A power cut does not.
    hal_clock, clock = boot(flash)
    clock.assume()
    assert hal_clock.rtc_ms == RELEASED_MS
    clock.set_unix_ms(NOON)
    clock.assume()
    assert hal_clock.rtc_ms == NOON
    hal_clock, clock = boot(flash, rtc_ms=NOON + 1000)
    assert (clock.known, clock.source) == (True, "rtc")


def test_what_a_full_store_cannot_mark_is_not_assumed(flash):
    hal_clock, clock = boot(flash)
    flash.full = True
    clock.assume()
    assert hal_clock.rtc_ms == 0
    assert clock.believe(NOON)
    flash.full = False
    hal_clock, clock = boot(flash)
    assert clock.least_ms() == RELEASED_MS


def test_a_charger_asks_its_time_server_before_it_links():
    """In a world without datagrams the answer is none, and the link comes all the same."""

    async def story(stage):
        await stage.until(lambda: stage.firmware.client.accepted)
        (told,) = stage.events("no_date")
        assert told["server"] == "time.example"
        assert stage.firmware.clock.source == "ocpp"

    play(story, settings={"TimeServer": "time.example"}, backend=True)
