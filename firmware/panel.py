"""What people have at hand: card reader, lamp and button. A client of the facade, as page and backend are."""

from firmware.authoriser import same_tag

LOOK_MS = 100
"""How often people are looked after."""
SAME_CARD_MS = 2000
"""A card that is read again within this still lies there: it neither stops what it has just started, nor
starts what it has just stopped."""

_GREEN, _BLUE, _AMBER, _RED, _WHITE = 0x00FF00, 0x0000FF, 0xFF8000, 0xFF0000, 0x808080
LAMP = {
    "Available": (_GREEN, False),
    "Preparing": (_AMBER, True),
    "Charging": (_BLUE, False),
    "SuspendedEV": (_BLUE, True),
    "SuspendedEVSE": (_AMBER, False),
    "Finishing": (_GREEN, True),
    "Unavailable": (_WHITE, False),
    "Faulted": (_RED, True),
}
"""By status: colour, and whether it blinks. With several connectors the gravest status shows."""
_GRAVITY = ("Faulted", "Charging", "SuspendedEV", "SuspendedEVSE", "Preparing", "Finishing", "Unavailable")


class Panel:
    """The front of a charger."""

    def __init__(self, charger, parts, clock):
        self._charger = charger
        self._parts = parts
        self._clock = clock
        self._shown = ""
        self._card = ""
        self._card_ms = 0

    async def attend(self):
        """Look after all of it for ever: a task of its own, so that a broken card reader stops no charge."""
        while True:
            self._show()
            id_tag = self._read_card()
            if id_tag:
                self._charger.take_card(id_tag)
            if self._parts.button.pressed():
                self._charger.stop_all("Local")
            await self._clock.sleep_ms(LOOK_MS)

    def _show(self):
        words = [connector.status.status for connector in self._charger.connectors]
        gravest = "Available"
        for word in _GRAVITY:
            if word in words:
                gravest = word
                break
        if gravest != self._shown:
            self._shown = gravest
            self._parts.lamp.show(*LAMP[gravest])

    def _read_card(self):
        """The card that was presented, or None; one that lies on the reader is presented once."""
        id_tag = self._parts.card_reader.read()
        now_ms = self._clock.now_ms()
        if not id_tag:
            return None
        again = same_tag(id_tag, self._card) and now_ms - self._card_ms < SAME_CARD_MS
        self._card = id_tag
        self._card_ms = now_ms
        return None if again else id_tag
