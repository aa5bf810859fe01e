"""What an error of the network means, in words for people: only loaded when there is one.

OpenSSL and mbedTLS, CPython and MicroPython say the same in different words and numbers; some boards give
mbedTLS's numbers alone.
"""

import time

ROOTS = (
    "none of the charger's root certificates has signed its certificate: give the charger the right one, or"
    " let the server present its whole chain"
)
OTHER_HOST = (
    "its certificate is for another host: use the name that it is for, or have it issued for this one"
)
EXPIRED = "its certificate has expired: have it renewed, unless the charger's date is wrong (%04d-%02d-%02d)"
EARLY = "its certificate is not valid yet: set the charger's date if it is wrong (%04d-%02d-%02d), or wait"
NO_TLS = (
    "it does not speak TLS: check the port, or set SecurityProfile below 2 where the network may be trusted"
)
OLD_TLS = "it does not speak TLS 1.2 or newer: have the server updated"
ALERT = "it refused the handshake of TLS: check host and port"
BROKEN = "the server reset the connection"
NOBODY = "nobody listens there: check host and port"
UNKNOWN_NAME = "its name is not known: check it, and the network's name server"
NO_WAY = "no network leads there: check the charger's network"
SILENT = "it did not answer in time"

_WORDS = (
    ("expired", EXPIRED),
    ("not yet valid", EARLY),
    ("in the future", EARLY),
    ("mismatch", OTHER_HOST),
    ("does not match", OTHER_HOST),
    ("verify failed", ROOTS),
    ("verification failed", ROOTS),
    ("not correctly signed", ROOTS),
    ("version number", NO_TLS),
    ("invalid SSL record", NO_TLS),
    ("record layer", NO_TLS),
    ("unsupported protocol", OLD_TLS),
    ("protocol version", OLD_TLS),
    ("alert", ALERT),
    ("addrinfo", UNKNOWN_NAME),
)
_NUMBERS = {
    32: BROKEN,
    101: NO_WAY,
    104: BROKEN,
    110: SILENT,
    111: NOBODY,
    113: NO_WAY,
    -2: UNKNOWN_NAME,
    -3: UNKNOWN_NAME,
    -5: UNKNOWN_NAME,
    -0x2700: ROOTS,
    -0x6E80: OLD_TLS,
    -0x7200: NO_TLS,
    -0x7280: BROKEN,
    -0x7780: ALERT,
}
"""Of Linux and lwIP, of getaddrinfo, and of mbedTLS 3."""


def explain(error):
    """The reason, and a way out where there is one."""
    text = str(error).strip()
    for sign, words in _WORDS:
        if sign in text:
            return words % time.gmtime()[:3] if "%" in words else words
    number = error.args[0] if error.args else 0
    if number in _NUMBERS:
        return _NUMBERS[number]
    return text or _unnamed(error)


def _unnamed(error):
    """CPython's word for a connection that broke off, such as ConnectionResetError, or another error's
    name."""
    name = type(error).__name__
    return BROKEN if name.startswith("Connection") else name
