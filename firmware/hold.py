"""A plug that stays locked in its socket until the card comes that may have it (OCPP 1.6, 3.5.4 and 4.10;
errata 3.5). Loaded with the first one.

It is held after the server has refused the tag of a running transaction; and, where
UnlockConnectorOnEVSideDisconnect is false, from the start of each transaction until it ends in the right way,
so that nobody who unplugs somebody else's car walks away with the cable. The lock needs no power to stay, so
this outlives a power cut. A plug that is gone is held no longer, nor one whose car is gone where the operator
lets that unlock it.
"""

from control.cable import OPEN_OHM
from firmware.authoriser import same_tag

UNLOCK = "UnlockConnectorOnEVSideDisconnect"

GONE_LOOKS = 10
"""So many looks (100 ms each) without a plug on the proximity line, and there is none."""


class Hold:
    """Holds the plug of `connector` for the card `id_tag` and its `group`."""

    def __init__(self, connector, services, id_tag, group):
        self.id_tag = id_tag
        self.group = group
        self._connector = connector
        self._services = services
        self._name = "held-%d" % connector.number
        self._gone = 0
        connector.controller.mailbox.hold_plug = True
        services.keep(self._name, [id_tag, group])

    def look(self):
        """To be called every 100 ms."""
        connector = self._connector
        present = connector.parts.proximity.resistance_ohm <= OPEN_OHM
        self._gone = 0 if present or not connector.has_looked else self._gone + 1
        left = connector.has_looked and not connector.snapshot.plugged
        if self._gone >= GONE_LOOKS or (left and self._services.settings.get(UNLOCK)):
            self.end()

    def ended(self, transaction):
        """A transaction ended: in the right way, its own plug is free."""
        if transaction.id_tag != self.id_tag:
            return
        if transaction.reason in ("EVDisconnected", "DeAuthorized"):
            self._publish("plug_held")
        else:
            self.end()

    def end(self):
        """Let go of the plug."""
        connector = self._connector
        connector.hold = None
        connector.controller.mailbox.hold_plug = False
        self._services.keep(self._name, None)
        self._publish("plug_released")

    def _publish(self, event):
        details = {"event": event, "connector": self._connector.number, "id_tag": self.id_tag}
        self._services.publish(details)


def hold(connector, services):
    """Hold the plug of the running transaction, where there is a lock for it and a card that can come for
    it."""
    running = connector.transaction
    no_card = same_tag(running.id_tag, services.settings.get("PlugAndChargeTag"))
    if connector.parts.lock.fitted and not connector.hold and not no_card:
        connector.hold = Hold(connector, services, running.id_tag, running.group)
