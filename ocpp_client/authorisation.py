"""Asking the backend whether a tag may charge (OCPP 1.6, 4.1)."""

from ocpp_client.source import FORGOTTEN, REFUSED, Source

MAX_WAITING = 4
"""Questions that wait at once: people at a charger's few connectors. More are told that there is no
answer."""


class Authorisation(Source):
    """Authorize requests; each question gets exactly one answer: the server's IdTagInfo, or None where
    it cannot be asked. `learn(id_tag, info)` hears of each IdTagInfo first."""

    def __init__(self, configuration, learn):
        self._configuration = configuration
        self._learn = learn
        self._waiting = []
        self._asked = _NOTHING

    def ask(self, id_tag, answer, now_ms):
        """Ask for `id_tag`; `answer(info)` is called later, or at once with None when too many wait."""
        if len(self._waiting) >= MAX_WAITING:
            answer(None)
            return
        deadline_ms = now_ms + self._configuration.get("MessageTimeout") * 1000
        self._waiting.append((id_tag, answer, deadline_ms))

    def expire(self, now_ms):
        """Give up the questions that found no turn within MessageTimeout."""
        while self._waiting and now_ms >= self._waiting[0][2]:
            self._waiting.pop(0)[1](None)

    def drop(self):
        """There is nobody to ask any more: answer None to all that wait."""
        waiting, self._waiting = self._waiting, []
        for _, answer, _ in waiting:
            answer(None)

    def next_call(self, now_ms):
        self.expire(now_ms)
        if not self._waiting:
            return None
        self._asked = self._waiting.pop(0)
        return "Authorize", {"idTag": self._asked[0][:20]}

    def wait_ms(self, now_ms):
        return self._waiting[0][2] - now_ms if self._waiting else None

    def answered(self, payload, now_ms):
        self._learn(self._asked[0], payload["idTagInfo"])
        self._settle(payload["idTagInfo"])

    def failed(self, cause, now_ms):
        if cause == FORGOTTEN:
            # It may be asked once it knows the charger again; until then it has not said that it cannot tell.
            self._waiting.insert(0, self._asked)
            return
        # A server that was reached and has not accepted the tag is not one that cannot be asked.
        self._settle({"status": "Invalid"} if cause == REFUSED else None)

    def _settle(self, info):
        answer, self._asked = self._asked[1], _NOTHING
        answer(info)


def _nobody(info):
    """No question is open."""


_NOTHING = ("", _nobody, 0)
