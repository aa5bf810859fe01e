"""Why a connection does not come about or breaks, in words for people."""

import errno
import re
import socket

REFUSED = "nobody listens there, so start the server or correct the address"
UNREACHABLE = "no way leads there, so check the network or correct the address"
_WORDS = {
    errno.ECONNREFUSED: REFUSED,
    errno.EHOSTUNREACH: UNREACHABLE,
    errno.ENETUNREACH: UNREACHABLE,
    socket.EAI_NONAME: "nobody knows that name, so correct the address",
}
"""By the host's number: the reason and the way out, where there is one."""
_NUMBER = re.compile(r"\[Errno (-?\d+)\] ")


def of(error):
    """Words for an OSError; one that stands for several, as of a name with several addresses, counts as one
    where they are alike."""
    text = str(error)
    numbers = set(_NUMBER.findall(text))
    words = _WORDS.get(int(numbers.pop())) if len(numbers) == 1 else None
    return words or _NUMBER.sub("", text) or type(error).__name__
