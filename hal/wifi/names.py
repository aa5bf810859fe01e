"""Addresses of hosts by their names (DNS, RFC 1035), asked over UDP with a time-out.

MicroPython's own look-up stops everything for as long as it takes, tick and watchdog included. Only what a
charger needs is here: addresses of IPv4, answers of 512 bytes.

Whoever can neither see the question nor guess its number (16 bits) and port (14 bits) cannot slip in an
answer. Who sees them can; TLS is there for that.
"""

import asyncio

from control.ticks import MASK, diff

PORT = 53
MOST_BYTES = 512
ANSWER_MS = 2000
"""Longest wait for one server, of those that are asked in turn, each of them `ROUNDS` times."""
ROUNDS = 2
STRAY = 32
"""Most datagrams that are read in the hope of an answer."""
LOOK_MS = 20
"""How often somebody looks whether one has come."""
NAMES = 4
"""Most names that are remembered."""
LONGEST_TTL_S = 3600

EAGAIN = 11
UNKNOWN = -2
"""As getaddrinfo has it: there is no such name (`hal.explanations`)."""
SILENT = "no name server answers: check the network's"
UNWILLING = "no name server tells it: check the network's"

_A, _CNAME, _INTERNET = 1, 5, 1
_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_HOPS = 8
_FIRST_PORT = 0xC000  # of those that are nobody's (RFC 6335)
_NO_SUCH_NAME = 3


def is_address(host):
    """Whether `host` is an address of IPv4 in dotted notation."""
    parts = host.split(".")
    return len(parts) == 4 and all(part.isdigit() and len(part) < 4 and int(part) < 256 for part in parts)


def question(number, name):
    """A query for the address of `name`. ValueError: that cannot be a name."""
    query = bytearray((number >> 8, number & 0xFF, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0))
    if name.endswith("."):
        name = name[:-1]
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ValueError("'%s' is no name of a host" % name)
    for label in name.split("."):
        text = label.encode()
        if not 0 < len(text) <= _LONGEST_LABEL:
            raise ValueError("'%s' is no name of a host" % name)
        query.append(len(text))
        query.extend(text)
    query.extend(bytes((0, 0, _A, 0, _INTERNET)))
    return bytes(query)


def read_answer(answer, query):
    """What a server answers to a query: (address, seconds for which that holds). None: it is no answer to
    it. OSError: there is no such name, or the server does not tell."""
    try:
        return _read(answer, query)
    except (IndexError, ValueError):
        return None  # it ends too early, or points to nowhere


def _read(answer, query):
    # An answer repeats number and question, whatever else is in it.
    end = len(query)
    if answer[:2] != query[:2] or not answer[2] & 0x80 or answer[4:6] != b"\x00\x01":
        return None
    if answer[12:end].lower() != query[12:].lower():
        return None
    reason = answer[3] & 15
    if reason == _NO_SUCH_NAME:
        raise OSError(UNKNOWN)
    if reason:
        raise OSError(UNWILLING)
    return _follow(_records(answer, end), _name(query, 12)[0])


def _follow(records, name):
    """Go from alias to alias to an address."""
    ttl_s = LONGEST_TTL_S
    for _ in range(_HOPS):
        alias = None
        for owner, kind, this_ttl_s, data in records:
            if owner == name and kind in (_A, _CNAME):
                alias = data
                ttl_s = min(ttl_s, this_ttl_s)
                if kind == _A:
                    return data, ttl_s
                break
        if alias is None:
            break
        name = alias
    raise OSError(UNKNOWN)


def _records(answer, at):
    """The answers in a message, as (owner, kind, seconds, address or name); those of kinds that are not asked
    for without their data."""
    records = []
    for _ in range(_word(answer, 6)):
        owner, at = _name(answer, at)
        kind, length = _word(answer, at), _word(answer, at + 8)
        ttl_s = _word(answer, at + 4) << 16 | _word(answer, at + 6)
        at += 10
        if at + length > len(answer):
            raise ValueError("a record ends behind the message")
        data = None
        if kind == _A and length == 4:
            data = "%d.%d.%d.%d" % tuple(answer[at : at + 4])
        elif kind == _CNAME:
            data = _name(answer, at)[0]
        if data is not None:
            # A time with its highest bit set is none (RFC 2181, 8).
            records.append((owner, kind, 0 if ttl_s >> 31 else ttl_s, data))
        at += length
    return records


def _name(message, at):
    """The name at a place, in small letters, and where what is behind it begins. A pointer leads to an
    earlier place: so none goes round in circles."""
    labels = []
    behind = 0
    length = 0
    before = at
    while message[at]:
        count = message[at]
        if count >= 0xC0:
            behind = behind or at + 2
            at = (count & 0x3F) << 8 | message[at + 1]
            if at >= before:
                raise ValueError("a pointer leads forward")
            before = at
            continue
        length += count + 1
        if count > _LONGEST_LABEL or length > _LONGEST_NAME + 1 or at + count >= len(message):
            raise ValueError("this is no name")
        labels.append(bytes(message[at + 1 : at + 1 + count]).lower())
        at += count + 1
    return b".".join(labels), behind or at + 1


def _word(message, at):
    return message[at] << 8 | message[at + 1]


class Names:
    """Looks names up, and remembers the last few.

    `servers()` gives the addresses of name servers, in the order in which they are asked.
    """

    def __init__(self, servers, clock, port=PORT):
        self._servers = servers
        self._clock = clock
        self._port = port
        self._known = []  # [name, address, ms left, ms when that was reckoned], the latest last

    async def look_up(self, host):
        """The address of `host`, in dotted notation. OSError: there is none, or nobody tells; 8 s at most
        with two servers."""
        if is_address(host):
            return host
        known = self._remembered(host)
        if known:
            return known
        refusal = OSError(SILENT)
        for _ in range(ROUNDS):
            for server in self._servers():
                try:
                    address, ttl_s = await asyncio.wait_for(self._ask(server, host), ANSWER_MS / 1000)
                except asyncio.TimeoutError:
                    continue
                except OSError as error:
                    if error.args[0] == UNKNOWN:
                        raise
                    if error.args[0] == UNWILLING:
                        refusal = error
                    continue  # or it was the way there that failed
                self._remember(host, address, ttl_s)
                return address
        raise refusal

    async def _ask(self, server, host):
        number = int.from_bytes(self._clock.random_bytes(2), "big")
        try:
            query = question(number, host)
        except ValueError:
            raise OSError(UNKNOWN)
        line = self._open(server)
        try:
            line.send(query)
            for _ in range(STRAY):
                answer = read_answer(await self._receive(line), query)
                if answer:
                    return answer
            raise OSError(SILENT)
        finally:
            line.close()

    def _open(self, server):
        """A socket at a port of chance, for what comes from this server alone."""
        import socket

        port = _FIRST_PORT | int.from_bytes(self._clock.random_bytes(2), "big")
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            line.setblocking(False)
            # With an address in the place of a name this looks nothing up.
            line.bind(socket.getaddrinfo("0.0.0.0", port)[0][-1])
            line.connect(socket.getaddrinfo(server, self._port)[0][-1])
        except OSError:
            line.close()
            raise
        return line

    async def _receive(self, line):
        # MicroPython's streams would read two datagrams as one.
        while True:
            try:
                return line.recv(MOST_BYTES)
            except OSError as error:
                if error.args[0] != EAGAIN:
                    raise
            await self._clock.sleep_ms(LOOK_MS)

    def _remembered(self, host):
        now_ms = self._clock.now_ms()
        fresh = [row for row in self._known if 0 <= diff(now_ms, row[3]) < row[2]]
        self._known = fresh
        for row in fresh:
            if row[0] == host:
                return row[1]
        return None

    def _remember(self, host, address, ttl_s):
        if ttl_s:
            self._known.append((host, address, ttl_s * 1000, self._clock.now_ms() & MASK))
            self._known = self._known[-NAMES:]
