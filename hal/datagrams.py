"""One datagram out, one back."""

import asyncio

MOST_BYTES = 512


async def ask(host, port, question, micropython):
    """As `hal.contract.Network.ask`."""
    import socket

    if micropython:
        found = socket.getaddrinfo(host, port, 0, socket.SOCK_DGRAM)
    else:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    line = socket.socket(found[0][0], socket.SOCK_DGRAM)
    try:
        line.setblocking(False)
        # From then on only this server's answers come in.
        line.connect(found[0][-1])
        line.send(question)
        if micropython:
            return await asyncio.StreamReader(line).read(MOST_BYTES)  # type: ignore[arg-type]
        return await asyncio.get_running_loop().sock_recv(line, MOST_BYTES)
    finally:
        line.close()
