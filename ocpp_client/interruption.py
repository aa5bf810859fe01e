"""Pauses of a transaction, as its meter values tell them (OCPP 1.6, 7.35)."""

PAUSED, RESUMED = "Interruption.Begin", "Interruption.End"

_NOT_YET, _FLOWS, _PAUSES, _PAUSES_UNTOLD = range(4)


class Interruption:
    """Follows the status of a connector with a transaction. One pause between two samples is told at the
    most: a car that cannot make up its mind must not fill the log."""

    def __init__(self):
        self._flow = _NOT_YET
        self._told = False

    def sampled(self):
        """Another may be told."""
        self._told = False

    def context(self, word):
        """The context of a value that is to be taken now that the status is `word`, or nothing."""
        flow = self._flow
        if word == "Charging":
            self._flow = _FLOWS
            return RESUMED if flow == _PAUSES else ""
        if flow != _FLOWS:
            return ""
        self._flow = _PAUSES_UNTOLD if self._told else _PAUSES
        self._told = True
        return PAUSED if self._flow == _PAUSES else ""
