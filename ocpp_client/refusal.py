"""What it means, in words for people, when a server answers the handshake with anything but a WebSocket."""

_MEANINGS = {
    200: "a web page or a proxy answered, not an OCPP server",
    400: "the server did not understand the handshake",
    401: "the charger's identity or password was refused",
    403: "the server refuses this charger",
    404: "the server knows no such path or charger",
    426: "the server wants another protocol",
    407: "a proxy asks for a password, and there is none for it",
    429: "the server is asked too often",
    502: "the proxy does not reach the OCPP server",
    503: "the server is not ready",
}


def refusal(status_line, headers, url):
    """One sentence for the status line and the headers that came from `url`."""
    parts = status_line.split(" ")
    code = int(parts[1]) if len(parts) > 1 and len(parts[1]) == 3 and parts[1].isdigit() else 0
    if not code:
        return "no HTTP status in the answer of %s" % url
    # The rest is a stranger's text: only so much of it reaches a log.
    phrase = " ".join(parts[2:])[:40]
    meaning = _MEANINGS.get(code, "the server did not open a WebSocket")
    if 300 <= code < 400:
        meaning = "moved to '%s'; set that address if it is right" % headers.get("location", "")[:80]
    return "HTTP %d %s from %s: %s" % (code, phrase, url, meaning)
