"""The way out on Linux: the host's own sockets, resolver and root certificates."""

from hal.host import SocketNetwork


def make(facts, number, parts):
    """The board's network."""
    return SocketNetwork()
