"""Who may charge: an ordered list of sources is asked until one knows."""

ACCEPTED = "Accepted"
INVALID = "Invalid"

WAIT_MS = 60000
"""Longest wait for a backend; its own MessageTimeout is usually shorter."""
FIRST_LINK_MS = 10000
"""Longest wait, after power-up, until the first attempt to reach the backend has ended one way or another:
as long as somebody with a card in hand will stand there."""
LOOK_MS = 50
"""How often it is looked for. Not `asyncio.wait_for`, which on CPython 3.11 may lose a cancellation that
comes together with the answer: a firmware that is being ended would go on to grant."""


def is_tag(text):
    """Whether `text` can be an idTag: 1 to 20 printable ASCII characters (OCPP 1.6, CiString20Type)."""
    return 0 < len(text) <= 20 and all(" " <= character <= "~" for character in text)


def same_tag(one, other):
    """Whether two idTags name the same card: capitals do not matter (OCPP 1.6, CiString20Type)."""
    return one.lower() == other.lower()


class LocalCards:
    """The owner's own cards (setting LocalCards): known without any backend."""

    name = "local card"

    def __init__(self, settings, count=lambda: True):
        """`count()`: whether they count now."""
        self._settings = settings
        self._count = count

    async def ask(self, id_tag):
        """`Accepted`, or None when the card is not listed or does not count."""
        for card in self._settings.get("LocalCards") if self._count() else ():
            if same_tag(card, id_tag):
                return ACCEPTED
        return None


class Backend:
    """The operator's server over OCPP."""

    name = "backend"

    def __init__(self, client, clock):
        self._client = client
        self._clock = clock

    async def ask(self, id_tag):
        """The server's AuthorizationStatus, or None when it cannot be asked now."""
        await self._until(lambda: self._client.tried, FIRST_LINK_MS)
        statuses: list = []
        self._client.authorise(id_tag, statuses.append)
        await self._until(lambda: statuses, WAIT_MS)
        return statuses[0] if statuses else None

    async def _until(self, held, longest_ms):
        waited_ms = 0
        while not held() and waited_ms < longest_ms:
            await self._clock.sleep_ms(LOOK_MS)
            waited_ms += LOOK_MS


class UnknownOffline:
    """What nobody could judge: refused, unless the operator allows unknown cards while the server is away."""

    name = "offline rule"

    def __init__(self, settings):
        self._settings = settings

    async def ask(self, id_tag):
        """Always an answer."""
        return ACCEPTED if self._settings.get("AllowOfflineTxForUnknownId") else INVALID


def order(settings, clock, client):
    """The sources of a charger whose backend is behind `client` (None: it has none), in their order."""
    if not client:
        return [LocalCards(settings), UnknownOffline(settings)]
    return [
        LocalCards(settings, lambda: client.accepted and settings.get("LocalPreAuthorize")),
        Backend(client, clock),
        # Only reached when the backend could not be asked (OCPP 1.6, LocalAuthorizeOffline).
        LocalCards(settings, lambda: settings.get("LocalAuthorizeOffline")),
        UnknownOffline(settings),
    ]


class Authoriser:
    """Asks `sources` in order; the first that knows decides."""

    def __init__(self, sources):
        self._sources = sources

    async def ask(self, id_tag):
        """(AuthorizationStatus, name of the source that decided)."""
        for source in self._sources:
            status = await source.ask(id_tag)
            if status is not None:
                return status, source.name
        return INVALID, "nobody"
