"""How the charger gets in at the backend: security profile and password, and the way back from a change of
them that does not connect (security whitepaper, edition 3, A01 and A05)."""

import binascii

TRIES = 4
"""A server that has not opened a WebSocket by then, for whatever reason, is tried as before."""

_KEPT = "access"
_SHORTEST, _LONGEST = 16, 40


class Access:
    """Which security profile and password the next connection has, to the server at `url`.

    A change is on trial until it has opened a WebSocket. What opened one before is kept until then, over
    power cuts too. Once the server refused the new, or `TRIES` attempts have failed, the two take turns:
    nobody knows which the server goes by. The first that opens a WebSocket stays, and the other is
    forgotten.
    """

    def __init__(self, configuration, store, url):
        self._configuration = configuration
        self._store = store
        self._url = url
        kept = store.get(_KEPT)
        # What opened a WebSocket elsewhere is not for this server to see.
        self._proven = kept[1:] if kept and kept[0] == url else []
        self._back = False  # it is the turn of what is proven
        self._failures = 0
        self._reason = ""
        self._other_form = False
        self.trusts = lambda: False
        """Set by the owner: whether there is a root certificate to judge a server by."""
        configuration.subscribe(self._changed)
        configuration.guard("SecurityProfile", self._check_profile)
        self.dial()
        if self.profile and not self._dialled[1]:
            raise ValueError(
                "SecurityProfile %d asks for a password: set AuthorizationKey, or SecurityProfile to 0"
                " where every device on the network may be trusted" % self.profile
            )

    def dial(self):
        """An attempt to connect begins."""
        self._dialled = self._next()

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
        if self.outdated or self._dialled == self._proven:
            return None
        former = self._proven
        try:
            self._store.keep(_KEPT, [self._url] + self._dialled)
        except OSError:
            return None  # on trial until it can be kept
        self._proven = self._dialled
        self._failures = 0
        return {"event": "access", "profile": self.profile, "changed": True, "reason": ""} if former else None

    def failed(self, refused, reason):
        """The attempt has not opened one. `refused`: the server would not have this charger."""
        if self.outdated:
            return
        if refused and _raw(self._dialled[1]) is not None:
            self._other_form = not self._other_form
            if self._other_form:
                return
        if self._back:
            self._back = False
        elif self._proven and self._dialled != self._proven:
            self._failures += 1
            self._reason = reason
            self._back = refused or self._failures >= TRIES

    def _next(self):
        return self._proven if self._back else self._chosen()

    def _chosen(self):
        profile = self._configuration.get("SecurityProfile")
        return [profile, self._configuration.get("AuthorizationKey") if profile else ""]

    def _restore(self):
        """What is proven is what is chosen again."""
        profile, key = self._proven
        reason = self._reason
        try:
            if profile:
                self._configuration.assign("AuthorizationKey", key)
            self._configuration.assign("SecurityProfile", "%d" % profile)
        except OSError:
            return None  # the next time
        return {"event": "access", "profile": profile, "changed": False, "reason": reason}

    def _changed(self, name):
        if name in ("AuthorizationKey", "SecurityProfile"):
            self._back = self._other_form = False
            self._failures = 0

    def _check_profile(self, profile):
        """What must be there before a backend may raise the profile (A05.FR.02 and 03)."""
        if len(self._configuration.get("AuthorizationKey")) < _SHORTEST:
            raise ValueError("SecurityProfile %d needs an AuthorizationKey first" % profile)
        if profile == 2 and not self.trusts():
            raise ValueError("SecurityProfile 2 needs a root certificate first")


def _raw(key):
    """The bytes that `key` may stand for in hexadecimal (whitepaper, A00.FR.205: 16 to 20), or None."""
    if 2 * _SHORTEST <= len(key) <= _LONGEST:
        try:
            return binascii.unhexlify(key.encode())
        except ValueError:
            pass
    return None
