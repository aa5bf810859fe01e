"""The authorisation cache: what the backend last said of a tag, for when it cannot be asked or need not be
(OCPP 1.6, 3.5.1).

Entries lie in pages, each a latest value of the store, and nowhere else: a look-up reads the pages, which
people with cards in their hands do not notice. So an answer that changed costs one write of about a hundred
bytes, one that says the same again costs none, and a power cut leaves every page as it was or as it is.

`ENTRIES` are 64: the cards of a house of flats, or of the regulars at a public charger. All of them take 2
KiB of the store's memory, 6 KiB with the longest tags and groups that OCPP allows, and a few cards only what
they need.

    idTag | parentIdTag | first letter of the status | expiry, Unix s, or nothing | number of its last use
"""

from ocpp_client import timestamps

ENTRIES = 64
_PAGE = 4  # entries: with the longest tags still within the store's longest value
_NAME = "cards-%d"
# A tag that charges elsewhere is a valid one (OCPP 1.6, 3.5.2).
_STATUSES = ("Accepted", "Blocked", "Expired", "Invalid", "Accepted")
_LETTERS = "ABEIC"
_ENABLED = "AuthorizationCacheEnabled"


class Cache:
    """Tags by what an Authorize, StartTransaction or StopTransaction answer said of them."""

    def __init__(self, store, clock, configuration):
        self._store = store
        self._clock = clock
        self._configuration = configuration
        self._unwritten = {}  # page: a refusal, or emptiness, that the store had no room for
        self._used = [0] * ENTRIES  # the number of each entry's last use; 0: there is none
        for slot, entry in self._entries():
            self._used[slot] = int(entry[4])
        self._setting_changed(_ENABLED)
        configuration.subscribe(self._setting_changed)

    def judge(self, id_tag):
        """(AuthorizationStatus, parentIdTag or "") of a tag that is known, or None. One whose time has run
        out is Expired; while nobody knows the date, one whose time may have run out is not known."""
        slot, entry = self._find(id_tag)
        if not entry:
            return None
        self._touch(slot)
        status = self._status(entry)
        return status and (status, entry[1])

    def learn(self, id_tag, info):
        """An answer came with this IdTagInfo for `id_tag` ("": for none, which is nothing to learn from).

        What the store does not take is not learnt, unless it is a refusal, which counts at once and is
        written with the next answer."""
        if not id_tag or not self._configuration.get(_ENABLED):
            return
        for page in list(self._unwritten):
            self._write(page, self._unwritten[page])
        facts = [id_tag, info.get("parentIdTag") or "", info["status"][0], _expiry(info.get("expiryDate"))]
        slot, known = self._find(id_tag)
        if not known:
            slot = self._room()
        used = self._used[slot]
        self._touch(slot)
        if (not known or known[1:4] != facts[1:]) and not self._put(slot, facts):
            self._used[slot] = used

    def clear(self, payload):
        """A ClearCache request: Rejected where there is no cache, or it could not be emptied for good."""
        if not self._configuration.get(_ENABLED):
            return {"status": "Rejected"}
        return {"status": "Accepted" if self._empty() else "Rejected"}

    def _setting_changed(self, name):
        # What nobody keeps up to date must not be believed when it is enabled again.
        if name == _ENABLED and not self._configuration.get(name):
            self._empty()

    def _empty(self):
        """Forget all of it. Whether the store has done so too."""
        self._used = [0] * ENTRIES
        for page in range(ENTRIES // _PAGE):
            if self._text(page) or page in self._unwritten:
                self._write(page, "")
        return not self._unwritten

    def _status(self, entry):
        """The status of an entry by now; None: that depends on a date which nobody knows."""
        status = _STATUSES[_LETTERS.find(entry[2])]
        if status != "Accepted" or not entry[3]:
            return status
        stamp = self._clock.stamp()
        unix_ms = self._clock.unix_ms(stamp)
        least_ms = self._clock.bounds_ms(stamp[0])[0] if unix_ms is None else unix_ms
        if least_ms is not None and least_ms >= int(entry[3]) * 1000:
            return "Expired"
        return None if unix_ms is None else status

    def _touch(self, slot):
        self._used[slot] = max(self._used) + 1

    def _room(self):
        """The slot for a new entry: a free one, else that of the tag that was not used for longest; one that
        is not valid goes before one that is."""
        if 0 in self._used:
            return self._used.index(0)
        best = ()  # type: tuple
        for slot, entry in self._entries():
            rank = (self._status(entry) == "Accepted", self._used[slot], slot)
            if not best or rank < best:
                best = rank
        return best[2]

    def _find(self, id_tag):
        """(slot, entry) of a tag, whatever its capitals (CiString20Type); (0, None) when it is not known."""
        wanted = id_tag.lower()
        for slot, entry in self._entries():
            if entry[0].lower() == wanted:
                return slot, entry
        return 0, None

    def _entries(self):
        """(slot, entry) of all there are; an entry as the table above says."""
        for page in range(ENTRIES // _PAGE):
            for place, entry in enumerate(self._page(page)):
                if len(entry) > 1:
                    yield page * _PAGE + place, entry

    def _page(self, page):
        return [line.split("\t") for line in self._text(page).split("\n")]

    def _text(self, page):
        text = self._unwritten.get(page)
        return (self._store.get(_NAME % page) or "") if text is None else text

    def _put(self, slot, facts):
        """Whether it counts from now on."""
        page = slot // _PAGE
        entries = self._page(page)
        while len(entries) < _PAGE:
            entries.append([""])
        entries[slot % _PAGE] = facts + [""]
        # Its neighbours' last use is told with it, for nothing: so the order outlives a restart.
        for place, entry in enumerate(entries):
            if len(entry) > 1:
                entry[4] = str(self._used[page * _PAGE + place])
        text = "\n".join(["\t".join(entry) for entry in entries])
        return self._write(page, text, facts[2] not in "AC")

    def _write(self, page, text, counts=True):
        """Whether it `counts` without room too, or was written."""
        try:
            self._store.remember(_NAME % page, text)
            self._unwritten.pop(page, None)
            return True
        except OSError:
            if counts:
                self._unwritten[page] = text
            return counts


def _expiry(text):
    """A dateTime as Unix s; what cannot be read promises nothing, so that it has passed."""
    if text is None or text == "":
        return ""
    try:
        return str(timestamps.from_text(text) // 1000) if isinstance(text, str) else "0"
    except timestamps.BadTimestamp:
        return "0"
