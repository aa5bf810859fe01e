"""Asking the backend whether a tag may charge (OCPP 1.6, 4.1)."""

from ocpp_client.source import Source

MAX_WAITING = 4
"""Questions that wait at once: people at a charger's few connectors. More are told that there is no
answer."""


class Authorisation(Source):
    """Authorize requests; each question gets exactly one answer: an AuthorizationStatus, or None for 'nobody
    knows'."""

    def __init__(self, configuration):
        self._configuration = configuration
        self._waiting = []
        self._asked = _nobody

    def ask(self, id_tag, answer, now_ms):
        """Ask for `id_tag`; `answer(status)` is called later, or at once with None when too many wait."""
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
        id_tag, self._asked, _ = self._waiting.pop(0)
        return "Authorize", {"idTag": id_tag[:20]}

    def wait_ms(self, now_ms):
        return self._waiting[0][2] - now_ms if self._waiting else None

    def answered(self, payload, now_ms):
        self._settle(payload["idTagInfo"]["status"])

    def failed(self, cause, now_ms):
        self._settle(None)

    def _settle(self, status):
        answer, self._asked = self._asked, _nobody
        answer(status)


def _nobody(status):
    """No question is open."""
