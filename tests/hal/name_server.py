"""A name server for tests, and what it says, put together byte by byte."""

import asyncio
import struct

A, CNAME, TXT = 1, 5, 16


def encode(name: str) -> bytes:
    return b"".join(bytes((len(label),)) + label.encode() for label in name.split(".") if label) + b"\0"


def record(owner: bytes, kind: int, data: bytes, ttl_s: int = 300) -> bytes:
    return owner + struct.pack(">HHIH", kind, 1, ttl_s, len(data)) + data


def address(dotted: str, owner: bytes = b"\xc0\x0c", ttl_s: int = 300) -> bytes:
    """By default of the name in the question."""
    return record(owner, A, bytes(map(int, dotted.split("."))), ttl_s)


def alias(target: bytes, owner: bytes = b"\xc0\x0c", ttl_s: int = 300) -> bytes:
    return record(owner, CNAME, target, ttl_s)


def answer(query: bytes, *records: bytes, code: int = 0, flags: int = 0x8180, number: bytes = b"") -> bytes:
    counts = struct.pack(">HHHHH", flags | code, 1, len(records), 0, 0)
    return (number or query[:2]) + counts + query[12:] + b"".join(records)


class NameServer(asyncio.DatagramProtocol):
    """Answers each query with the datagrams that `tell(query)` gives."""

    def __init__(self, tell):
        self.queries: list[bytes] = []
        self.peers: list[tuple] = []
        self._tell = tell
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.queries.append(data)
        self.peers.append(addr)
        for datagram in self._tell(data):
            self.transport.sendto(datagram, addr)

    @property
    def port(self) -> int:
        return self.transport.get_extra_info("sockname")[1]


async def serve(tell, host="127.0.0.1", port=0) -> NameServer:
    loop = asyncio.get_running_loop()
    _, server = await loop.create_datagram_endpoint(lambda: NameServer(tell), local_addr=(host, port))
    return server
