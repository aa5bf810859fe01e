"""The charger's configuration keys and their values, kept over restarts."""

from ocpp_client.keys import OWNED, RAISED, READ_ONLY, TEXT, WRITE_ONLY

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
        # By the names as the keys write them: what is asked for all day is found without another string.
        self._values = {}
        self._coming = {}  # values that wait for a restart
        self._facts = []
        self._held = []  # names of values that are not saved
        self._guards = {}
        self._subscribers = []
        self._heeding = []
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

    def change(self, name, text):
        """What a backend may do: change a key that it may write. One of the four ChangeConfiguration
        answers."""
        key = self._keys.find(name)
        if key is None:
            return NOT_SUPPORTED
        try:
            self._check_change(key, key.parse(text))
        except ValueError:
            return REJECTED
        return _answer(key, text, self._assign)

    def write(self, name, text):
        """What the charger's owner may do: change any key that can change. The same answers; saved before it
        takes effect."""
        key = self._keys.find(name)
        if key is None:
            return NOT_SUPPORTED
        return _answer(key, text, self._obey)

    def assign(self, name, text):
        """As `write`, but ValueError (or KeyError) says in one sentence why `text` is refused, and OSError
        that it could not be saved."""
        self._obey(self._key(name), text)

    def hold(self, name, text):
        """Take a value until another is written, and not beyond the next start: nothing is saved."""
        key = self._key(name)
        value = key.parse(text)
        if self._latest(key) != value:
            self._held = [key.name] + [other for other in self._held if other != key.name]
            self._take(key, value)

    def fix(self, name, text):
        """State a fact of this charger (its number of connectors, say), which nobody can change. Not saved:
        it is stated at every start."""
        key = self._key(name)
        if key.name not in self._facts:
            self._facts.append(key.name)
        self._take(key, key.parse(text))

    def guard(self, name, judge):
        """Before a backend changes this key, `judge(value)` raises ValueError if it may not be just now."""
        self._guards[self._key(name).name] = judge

    def subscribe(self, callback):
        """`callback(name)` is called after a key has taken a new value."""
        self._subscribers.append(callback)

    def heed(self, callback):
        """`callback(name)` is called after the owner has set a key, to what it was too."""
        self._heeding.append(callback)

    def describe(self, name):
        """The entry of a GetConfiguration answer, or None for an unknown key. A write-only value is never
        told."""
        key = self._keys.find(name)
        if key is None:
            return None
        entry = {"key": key.name, "readonly": key.access == OWNED or self._is_fact(key)}
        if key.access != WRITE_ONLY:
            entry["value"] = self._text(key)
        return entry

    def _obey(self, key, text):
        self._assign(key, text)
        for callback in self._heeding:
            callback(key.name)

    def _assign(self, key, text):
        if self._is_fact(key):
            raise ValueError("%s says what this charger is, and cannot be changed" % key.name)
        value = key.parse(text)
        if self._latest(key) == value and key.name not in self._held:
            return
        self._store.keep(_KEPT + key.name, key.write(value))
        if key.name in self._held:
            self._held.remove(key.name)
        if key.reboot:
            self._coming[key.name] = value
        else:
            self._take(key, value)

    def _check_change(self, key, value):
        """ValueError when a backend may not write this value, though the owner may."""
        if key.access == OWNED:
            raise ValueError("%s is the owner's to change" % key.name)
        if key.access == RAISED and value <= self._latest(key):
            raise ValueError("a backend may only raise %s" % key.name)
        if key.kind == TEXT and len(value) < key.low:
            # The owner may: an older backend gave a short password, or there is none any more.
            raise ValueError("%s takes at least %d characters" % (key.name, key.low))
        if key.name in self._guards:
            self._guards[key.name](value)

    def _is_fact(self, key):
        return key.access == READ_ONLY or key.name in self._facts

    def _key(self, name):
        key = self._keys.find(name)
        if key is None:
            raise KeyError(name.lower())
        return key

    def _latest(self, key):
        return self._coming.get(key.name, self._values[key.name])

    def _text(self, key):
        return key.write(self._latest(key))

    def _restore(self, key):
        text = self._store.get(_KEPT + key.name)
        if text is not None and key.access != READ_ONLY:
            try:
                self._values[key.name] = key.parse(text)
                return
            except ValueError as error:
                self.refused.append((key.name, str(error)))
        self._values[key.name] = key.parse(key.default)

    def _take(self, key, value):
        self._values[key.name] = value
        for callback in self._subscribers:
            callback(key.name)


def _answer(key, text, assign):
    """What `assign` makes of it, as ChangeConfiguration answers."""
    try:
        assign(key, text)
    except (ValueError, OSError):
        return REJECTED
    return REBOOT_REQUIRED if key.reboot else ACCEPTED
