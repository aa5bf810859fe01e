"""How the charger gets in at the backend: security profile and password, and the way back from a change of
them that does not connect (security whitepaper, edition 3, A01 and A05)."""

import binascii

TRIES = 4
"""A server that has not opened a WebSocket by then, for whatever reason, is tried as before."""

MOST = 3
"""Changes in a row, none of which has been tried yet: password and profile, and once more."""

_KEPT = "access"
_SHORTEST, _LONGEST = 16, 40


class Access:
    """Which security profile and password the next connection has, to the server at `url`.

    A backend's change is on trial until it has opened a WebSocket, and what there was before is kept until
    then, over power cuts too. Once the server refused the new, or `TRIES` attempts have failed, the two take
    turns, and so does what came between them: nobody knows which the server goes by. The first that opens a
    WebSocket stays, and the others are forgotten.

    What the owner sets is no trial, and ends one: it stays, and people are told why it does not connect.
    """

    def __init__(self, configuration, store, url):
        self._configuration = configuration
        self._store = store
        self._url = url
        kept = store.get(_KEPT) or [""]
        # What opened a WebSocket elsewhere is not for this server to see.
        of_trial = kept[1:] if kept[0] == url else []
        self._former = of_trial[:2]  # what there was before a backend's change
        self._tried = of_trial[2:]  # what the backend made of it, the latest first
        self._opened = self._former  # the last that opened a WebSocket
        self._back = 0  # whose turn it is: 0 is what is chosen, more are the `_others`
        self._failures = 0
        self._reason = ""
        self._other_form = False
        self._restoring = False
        self.trusts = lambda: False
        """Set by the owner: whether there is a root certificate to judge a server by."""
        self.dial()
        if self.lack():
            raise ValueError(self.lack())
        configuration.subscribe(self._changed)
        configuration.heed(self._heard)
        configuration.guard("SecurityProfile", self._check_profile)
        configuration.guard("AuthorizationKey", lambda key: self._try(self._chosen()[0], key))

    def dial(self):
        """An attempt to connect begins."""
        self._dialled = self._next()

    def lack(self):
        """Why this attempt is not to be made, or an empty string."""
        if not self.profile or self._dialled[1]:
            return ""
        return (
            "SecurityProfile %d asks for a password: set AuthorizationKey, or SecurityProfile to 0"
            " where every device on the network may be trusted" % self.profile
        )

    @property
    def profile(self):
        """Security profile of this attempt."""
        return self._dialled[0]

    @property
    def password(self):
        """What this attempt shows to the server, or None.

        AuthorizationKey is text, or 20 bytes in hexadecimal (OCPP-J 1.6, 6.2.2); a server that takes it
        otherwise is given the other form the next time.
        """
        profile, key = self._dialled
        raw = _raw(key)
        as_bytes = raw is not None and (len(key) == _LONGEST) != self._other_form
        return (raw if as_bytes else key) if profile else None

    @property
    def outdated(self):
        """Whether profile or password have changed since: it is time to connect anew."""
        return self._dialled != self._next()

    def opened(self):
        """The attempt has opened a WebSocket: it stays. Gives the event that tells of a change, or None."""
        if self._back:
            return self._restore()
        if self.outdated:
            return None
        if not self._end_trial():
            return None  # on trial until that can be written
        former, self._opened = self._opened, self._dialled
        changed = {"event": "access", "profile": self.profile, "changed": True, "reason": ""}
        return changed if former and former != self._dialled else None

    def failed(self, refused, reason):
        """The attempt has not opened one. `refused`: the server would not have this charger."""
        if self.outdated:
            return
        if refused and _raw(self._dialled[1]) is not None:
            self._other_form = not self._other_form
            if self._other_form:
                return
        if self._back:
            self._back = (self._back + 1) % (len(self._others()) + 1)
        elif self._is_trial():
            self._failures += 1
            self._reason = reason
            self._back = int(refused or self._failures >= TRIES)

    def _next(self):
        return self._others()[self._back - 1] if self._back else self._chosen()

    def _others(self):
        """What the server may go by as well: what there was before, and what it asked for on the way here,
        for nobody knows which of its answers it has got."""
        known, chosen = self._former + self._tried, self._chosen()
        pairs = [known[at : at + 2] for at in range(0, len(known), 2)]
        return [pair for pair in pairs if pair != chosen]

    def _chosen(self):
        profile = self._configuration.get("SecurityProfile")
        return [profile, self._configuration.get("AuthorizationKey") if profile else ""]

    def _is_trial(self):
        """Whether what is chosen is a backend's change, all of it or as far as a power cut let it come; what
        the owner has set since is not."""
        chosen = self._chosen()
        if not self._tried or chosen == self._former:
            return False
        return all(chosen[each] in [self._former[each]] + self._tried[each::2] for each in (0, 1))

    def _try(self, profile, key):
        """A backend is about to have it so. ValueError: the way back from it cannot be written."""
        chosen, tried = self._chosen(), [profile, key if profile else ""]
        if tried == chosen:
            return
        former = chosen
        if self._is_trial():
            former = self._former
            tried += self._tried
            if len(tried) > 2 * MOST:
                raise ValueError("those before have not been tried yet")
        try:
            self._store.keep(_KEPT, [self._url] + former + tried)
        except OSError as error:
            raise ValueError("the way back cannot be kept: %s" % error)
        self._former, self._tried = former, tried

    def _end_trial(self):
        """Forget the way back. Whether the store has done so too."""
        try:
            if self._tried:
                self._store.keep(_KEPT, None)
                self._tried = []
        except OSError:
            pass
        return not self._tried

    def _restore(self):
        """What has opened it is what is chosen from now on."""
        profile, key = self._next()
        reason = self._reason
        self._restoring = True
        try:
            if profile:
                self._configuration.assign("AuthorizationKey", key)
            self._configuration.assign("SecurityProfile", "%d" % profile)
        except OSError:
            return None  # the next time
        finally:
            self._restoring = False
        self._end_trial()
        return {"event": "access", "profile": profile, "changed": False, "reason": reason}

    def _changed(self, name):
        if name in ("AuthorizationKey", "SecurityProfile"):
            self._back, self._other_form = 0, False
            self._failures = 0

    def _heard(self, name):
        """The owner has set it, or `_restore`."""
        if name in ("AuthorizationKey", "SecurityProfile") and not self._restoring:
            self._changed(name)
            self._end_trial()

    def _check_profile(self, profile):
        """What must be there before a backend may raise the profile (A05.FR.02 and 03)."""
        key = self._configuration.get("AuthorizationKey")
        if len(key) < _SHORTEST:
            raise ValueError("SecurityProfile %d needs an AuthorizationKey first" % profile)
        if profile == 2 and not self.trusts():
            raise ValueError("SecurityProfile 2 needs a root certificate first")
        self._try(profile, key)


def _raw(key):
    """The bytes that `key` may stand for in hexadecimal (whitepaper, A00.FR.205: 16 to 20), or None."""
    if 2 * _SHORTEST <= len(key) <= _LONGEST:
        try:
            return binascii.unhexlify(key.encode())
        except ValueError:
            pass
    return None
