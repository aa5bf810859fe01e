"""The date from a time server (SNTP, RFC 4330 and 5905): for chargers whose clock forgets it in a power
cut."""

import asyncio

PORT = 123
ANSWER_S = 5
"""Longest wait for an answer."""
DAY_MS = 86400000
AGAIN_MS = 900000
"""Between two questions, the second where the one before was in vain."""

LOOK_UP = ("look-up",)

_SINCE_1900_S = 2208988800
_ERA_S = 1 << 32


def question(nonce):
    """A request; the eight bytes of `nonce` stand where others tell their own time."""
    return b"\x23" + bytes(39) + nonce


def unix_ms(answer, nonce):
    """The Unix ms that a server tells in `answer`; ValueError: it is no answer to the request with
    `nonce`."""
    if len(answer) < 48 or answer[24:32] != nonce:
        raise ValueError("it answered something else")
    if answer[0] & 7 != 4 or answer[0] >> 6 == 3 or not 1 <= answer[1] <= 15 or not any(answer[40:48]):
        raise ValueError("it does not know the time itself, or will not tell")
    seconds = int.from_bytes(answer[40:44], "big")
    if not seconds & 0x80000000:
        seconds += _ERA_S  # the count begins anew in 2036
    return (seconds - _SINCE_1900_S) * 1000 + (int.from_bytes(answer[44:48], "big") * 1000 >> 32)


class TimeServer:
    """Asks the server `name` whenever the backend has not told the time yet."""

    def __init__(self, name, clock, network, publish, stalls=None):
        """`clock`: `firmware.clock.Clock`; `publish(event)` hears why there is no answer; `stalls`: the
        `firmware.stalls.Stalls` of a board on which looking up a name may stop the tick."""
        self._name = name
        self._stalls = stalls
        self._clock = clock
        self._network = network
        self._publish = publish
        self._reason = ""
        self.tried = False
        """Whether the first question has been answered, or in vain."""

    async def keep(self):
        """Ask now and then, for ever."""
        while True:
            known = self._clock.source == "ocpp" or await self._ask_open()
            await self._clock.sleep_ms(DAY_MS if known else AGAIN_MS)

    async def _ask_open(self):
        if not self._stalls:
            return await self.ask()
        try:
            await self._stalls.enter("date", LOOK_UP, DAY_MS)  # no charge pauses for it
            return await self.ask()
        finally:
            self._stalls.leave("date")

    async def ask(self):
        """Ask once; whether the date came of it."""
        try:
            reason = await self._attempt()
        except asyncio.TimeoutError:
            reason = "it does not answer"
        except OSError as error:
            reason = self._network.explain(error)
        except ValueError as error:
            reason = str(error)
        finally:
            self.tried = True
        if reason and reason != self._reason:
            self._publish({"event": "no_date", "server": self._name, "reason": reason})
        self._reason = reason
        return not reason

    async def _attempt(self):
        nonce = self._clock.random_bytes(8)
        sent_ms = self._clock.now_ms()
        answer = await asyncio.wait_for(self._network.ask(self._name, PORT, question(nonce)), ANSWER_S)
        late_ms = (self._clock.now_ms() - sent_ms) // 2
        believed = self._clock.believe(unix_ms(answer, nonce) + late_ms)
        return "" if believed or self._clock.source == "ocpp" else "the date that it tells cannot be right"
