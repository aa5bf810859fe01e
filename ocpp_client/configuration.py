"""The charger's configuration keys and their values, kept over restarts."""

from ocpp_client.keys import READ_ONLY, WRITE_ONLY

ACCEPTED, REJECTED = "Accepted", "Rejected"
REBOOT_REQUIRED, NOT_SUPPORTED = "RebootRequired", "NotSupported"

_KEPT = "set-"


class Configuration:
    """Values of `keys` (a `keys.Keys`), each kept in `store` under its name. Names know no upper or lower
    case.

    A kept value that its key no longer takes (an older version wrote it) gives way to the default.
    """

    def __init__(self, keys, store):
        self._keys = keys
        self._store = store
        self.refused = []
        """(name, why) of every kept value that is not in force."""
        self._texts = {}
        """Of those that differ from their default."""
        # By the names as the keys write them: what is asked for all day is found without another string.
        self._values = {}
        self._subscribers = []
        for key in keys:
            self._restore(key)

    def get(self, name):
        """The value in force: bool, int, tuple or str. KeyError when there is no such key."""
        value = self._values.get(name)
        return self._values[self._key(name).name] if value is None else value

    def text(self, name):
        """The value as text; one that waits for a restart is told already, as GetConfiguration does."""
        return self._text(self._key(name))

    def names(self):
        """The names of all keys, in the order of the table."""
        return self._keys.names()

    def rows(self):
        """All keys, in the order of the table."""
        return list(self._keys)

    def change(self, name, text):
        """What a backend may do: change a key that it may write. One of the four ChangeConfiguration
        answers."""
        key = self._keys.find(name)
        if key is None:
            return NOT_SUPPORTED
        if key.access == READ_ONLY:
            return REJECTED
        return self.write(name, text)

    def write(self, name, text):
        """What the charger's owner may do: change any key. The same answers; saved before it takes effect."""
        key = self._keys.find(name)
        if key is None:
            return NOT_SUPPORTED
        try:
            self.assign(name, text)
        except (ValueError, OSError):
            return REJECTED
        return REBOOT_REQUIRED if key.reboot else ACCEPTED

    def assign(self, name, text):
        """As `write`, but ValueError (or KeyError) says in one sentence why `text` is refused."""
        key = self._key(name)
        value = key.parse(text)
        text = text.strip()
        if self._text(key) == text:
            return
        self._store.keep(_KEPT + key.name, text)
        self._take(key, text, None if key.reboot else value)

    def fix(self, name, text):
        """State a fact of this charger (its number of connectors, say). Not saved: it is stated at every
        start."""
        key = self._key(name)
        self._take(key, text, key.parse(text))

    def subscribe(self, callback):
        """`callback(name)` is called after a key has taken a new value."""
        self._subscribers.append(callback)

    def describe(self, name):
        """The entry of a GetConfiguration answer, or None for an unknown key. A write-only value is never
        told."""
        key = self._keys.find(name)
        if key is None:
            return None
        entry = {"key": key.name, "readonly": key.access == READ_ONLY}
        if key.access != WRITE_ONLY:
            entry["value"] = self._text(key)
        return entry

    def _key(self, name):
        key = self._keys.find(name)
        if key is None:
            raise KeyError(name.lower())
        return key

    def _text(self, key):
        return self._texts.get(key.name, key.default)

    def _restore(self, key):
        text = self._store.get(_KEPT + key.name)
        if text is not None:
            try:
                self._values[key.name] = key.parse(text)
                self._texts[key.name] = text
                return
            except ValueError as error:
                self.refused.append((key.name, str(error)))
        self._values[key.name] = key.parse(key.default)

    def _take(self, key, text, value):
        self._texts[key.name] = text
        if value is None:
            return
        self._values[key.name] = value
        for callback in self._subscribers:
            callback(key.name)
