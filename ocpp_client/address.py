"""Where the backend is: a WebSocket URL taken apart."""

_FORM = "use ws://HOST:PORT/PATH or wss://HOST:PORT/PATH"

PORTS = {"ws": 80, "wss": 443}
"""What a URL means that names none (RFC 6455, 3)."""


class Address:
    """`ws://host[:port]/path`, with the charger's OCPP identity as the last segment of the path (OCPP-J 1.6,
    3.1.1).

    With `identity` it is appended to the URL, percent-encoded; without, the URL carries it already. `secure`
    speaks TLS to a ws:// address too, as after a change to security profile 2; a wss:// address is never
    spoken to without. ValueError, in one sentence, when the URL cannot be used.
    """

    def __init__(self, url, identity=None, secure=False):
        scheme, _, rest = url.partition("://")
        if scheme not in PORTS:
            raise ValueError("'%s' is no WebSocket address: %s" % (url, _FORM))
        self.secure = secure or scheme == "wss"
        """Whether TLS is spoken."""
        scheme = "wss" if self.secure else "ws"
        host, _, path = rest.partition("/")
        if "@" in host:
            # Not repeated here: what stands before the @ is a secret.
            raise ValueError("the address carries a user or a password: give these apart from it")
        if "?" in rest or "#" in rest:
            raise ValueError("'%s' has a query: the charger's identity must end the path" % url)
        self.host, self.port = _host_and_port(host, PORTS[scheme], url)
        if not self.host or _unprintable(host + path):
            raise ValueError("'%s' is no WebSocket address: %s" % (url, _FORM))
        self.identity = identity or _identity_in(path)
        if not self.identity:
            raise ValueError("'%s' names no charger: add its identity as the last part of the path" % url)
        if identity:
            path = path.rstrip("/") + "/" + quote(identity)
        self.path = "/" + path.lstrip("/")
        self.authority = host
        self.url = scheme + "://" + host + self.path


def quote(text):
    """`text` as one segment of a path (RFC 3986, 2.1)."""
    quoted = ""
    for byte in text.encode():
        character = chr(byte)
        plain = (
            character in "-._~"
            or "0" <= character <= "9"
            or "A" <= character <= "Z"
            or "a" <= character <= "z"
        )
        quoted += character if plain else "%%%02X" % byte
    return quoted


def unquote(segment):
    """The text that `quote` made a segment of; ValueError when it is none."""
    parts = segment.split("%")
    raw = parts[0].encode()
    for part in parts[1:]:
        raw += bytes((int(part[:2], 16),)) + part[2:].encode()
    return raw.decode()


def is_host(text):
    """Whether `text` can be the name or the address of a host; an empty one names none."""
    for character in text:
        if not (
            "0" <= character <= "9"
            or "A" <= character <= "Z"
            or "a" <= character <= "z"
            or character in ".:-"
        ):
            return False
    return _has_labels(text)


def _has_labels(host):
    """Whether no part of a name is empty or too long (RFC 1035, 2.3.4); a dot may end it."""
    for label in (host[:-1] if host[1:] and host[-1] == "." else host).split("."):
        if len(label) > 63 or (not label and host):
            return False
    return True


def _identity_in(path):
    """What the last part of a path names; empty when it is nothing that `quote` could have made."""
    try:
        return unquote(path.rstrip("/").split("/")[-1])
    except ValueError:
        return ""


def _host_and_port(authority, usual_port, url):
    # An IPv6 address carries colons of its own and therefore stands in brackets.
    host, port = authority, "%d" % usual_port
    if ":" in authority.split("]")[-1]:
        at = authority.rfind(":")
        host, port = authority[:at], authority[at + 1 :]
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("the port of '%s' is no number from 1 to 65535" % url)
    bare = host[1:-1] if host[:1] == "[" and host[-1:] == "]" else host
    if "[" in bare or "]" in bare or (":" in bare and bare == host) or not _has_labels(bare):
        raise ValueError("the host of '%s' is no name and no address" % url)
    return bare, int(port)


def _unprintable(text):
    for character in text:
        if not "!" <= character <= "~":
            return True
    return False
