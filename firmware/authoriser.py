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


def may_end(begun, id_tag, group):
    """Whether a card of `group` ("" where it has none) may end what the card of `begun` (its `id_tag` and
    `group`) began: it is the same, or of the same group (OCPP 1.6, 3.10)."""
    return same_tag(begun.id_tag, id_tag) or bool(group and same_tag(begun.group, group))


class LocalCards:
    """The owner's own cards (setting LocalCards): known without any backend, and of no group."""

    name = "local card"

    def __init__(self, settings, count=lambda: True):
        """`count()`: whether they count now."""
        self._settings = settings
        self._count = count

    async def ask(self, id_tag):
        """(`Accepted`, ""), or None when the card is not listed or does not count."""
        for card in self._settings.get("LocalCards") if self._count() else ():
            if same_tag(card, id_tag):
                return ACCEPTED, ""
        return None


class Remembered:
    """What the server said of the card last (`ocpp_client.cache`)."""

    name = "cache"

    def __init__(self, cache, count, final=False):
        """`count()`: whether a card that was accepted counts now; `final`: one that was not is refused."""
        self._cache = cache
        self._count = count
        self._final = final

    async def ask(self, id_tag):
        """(AuthorizationStatus, group), or None when the card is not known or does not count."""
        known = self._cache.judge(id_tag)
        if known and (self._count() if known[0] == ACCEPTED else self._final):
            return known
        return None


class Backend:
    """The operator's server over OCPP."""

    name = "backend"

    def __init__(self, client, clock):
        self._client = client
        self._clock = clock

    async def ask(self, id_tag):
        """(AuthorizationStatus, group), or None when the server cannot be asked now."""
        await self._until(lambda: self._client.tried, FIRST_LINK_MS)
        answers: list = []
        self._client.authorise(id_tag, answers.append)
        await self._until(lambda: answers, WAIT_MS)
        info = answers[0] if answers else None
        return info and (info["status"], info.get("parentIdTag") or "")

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
        return (ACCEPTED if self._settings.get("AllowOfflineTxForUnknownId") else INVALID), ""


def order(settings, clock, client):
    """The sources of a charger whose backend is behind `client` (None: it has none), in their order."""
    if not client:
        return [LocalCards(settings), UnknownOffline(settings)]

    def at_once():
        return client.accepted and settings.get("LocalPreAuthorize")

    def offline():
        return settings.get("LocalAuthorizeOffline")

    return [
        LocalCards(settings, at_once),
        # What was not valid is asked again while there is somebody to ask (OCPP 1.6, 3.5.1).
        Remembered(client.cache, at_once),
        Backend(client, clock),
        # Only reached when the backend could not be asked (OCPP 1.6, LocalAuthorizeOffline).
        LocalCards(settings, offline),
        # What it refused stays refused, whatever is allowed to cards that nobody knows (3.5.4).
        Remembered(client.cache, offline, True),
        UnknownOffline(settings),
    ]


class Authoriser:
    """Asks `sources` in order; the first that knows decides."""

    def __init__(self, sources):
        self._sources = sources

    async def ask(self, id_tag):
        """(AuthorizationStatus, group or "", name of the source that decided)."""
        for source in self._sources:
            answer = await source.ask(id_tag)
            if answer:
                return answer[0], answer[1], source.name
        return INVALID, "", "nobody"
