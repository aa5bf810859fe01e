"""What a server's refusal does to the transaction that has begun (OCPP 1.6, 3.5.4; errata 3.17), online as
after a time offline. Loaded with the first one.

Where StopTransactionOnInvalidId is true the transaction ends. Otherwise it goes on, and only its energy ends:
after MaxEnergyOnInvalidId, so that the car gets home. These are Wh from the refusal on, by the meter's
register; what no meter sees counts as too much.
"""

from firmware.hold import hold

_MOST_REGISTER_WH = 0x3FFFFFFF


def deny(connector, services):
    """The server does not accept the tag of the transaction that runs on `connector`."""
    if services.settings.get("StopTransactionOnInvalidId"):
        hold(connector, services)
        connector.stop("DeAuthorized")
    else:
        connector.denial = Denial(connector, services.settings.get("MaxEnergyOnInvalidId"))


class Denial:
    """The rest of the energy of a transaction."""

    def __init__(self, connector, allowance_wh):
        self._connector = connector
        self._session = connector.controller.mailbox.authorised_session
        self._end_wh = min(connector.snapshot.lifetime_wh + allowance_wh, _MOST_REGISTER_WH)
        self.look()

    def look(self):
        """To be called every 100 ms while the transaction runs."""
        connector = self._connector
        mailbox = connector.controller.mailbox
        # Control ends it to the tick, whatever else was asked for meanwhile and whoever hangs.
        mailbox.end_wh = min(mailbox.end_wh or self._end_wh, self._end_wh)
        may = connector.snapshot.lifetime_wh < self._end_wh and connector.reading()
        mailbox.authorised_session = self._session if may else 0
