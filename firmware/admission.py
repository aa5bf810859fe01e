"""Who is let in, and where: what cards, pages and remote starts ask for comes through here."""

from firmware.authoriser import ACCEPTED, is_tag, may_end, same_tag


class Admission:
    """Starts and stops of one charger's connectors, for whoever is authorised."""

    def __init__(self, connectors, services, authoriser, errands):
        self._connectors = connectors
        self._services = services
        self._authoriser = authoriser
        self._errands = errands
        self._asked = []

    async def present(self, id_tag, connector_id=None):
        """As `firmware.charger.Charger.present`."""
        return self._end(id_tag, "", connector_id) or await self.authorise(id_tag, connector_id, None, True)

    def take_card(self, id_tag):
        """`present` it, and do not wait for what happens."""
        if self._errands.has_hands():
            self._errands.run(self.present, id_tag)
        else:
            self._refuse(id_tag, "too many cards are being asked about")

    def remote_start(self, connector_id, id_tag, wish):
        """As `firmware.charger.Charger.remote_start`."""
        connector = self._choose(connector_id, id_tag)
        if not is_tag(id_tag) or not connector or connector.can_start(id_tag):
            return False
        if not self._errands.has_hands():
            return False
        if self._services.settings.get("AuthorizeRemoteTxRequests"):
            self._errands.run(self.authorise, id_tag, connector_id, wish)
        elif connector.grant(id_tag, wish, roams=connector_id is None):
            return False
        # Only now: what is rejected leaves a held cable where it is.
        self._release(id_tag, "", connector_id)
        return True

    async def authorise(self, id_tag, connector_id=None, wish=None, presented=False):
        """Ask who may know, and start; one that was `presented` to the reader may also end what its group
        began. The same as `present` returns."""
        if not is_tag(id_tag):
            return self._refuse("", "a card's number has 1 to 20 printable ASCII characters")
        if id_tag in self._asked:
            return "refused", "this card is being asked about already"
        self._asked.append(id_tag)
        try:
            status, group, source = await self._authoriser.ask(id_tag)
        finally:
            self._asked.remove(id_tag)
        self._services.publish({"event": "authorised", "id_tag": id_tag, "status": status, "by": source})
        if status != ACCEPTED:
            return "refused", "%s says %s" % (source, status)
        done = self._end(id_tag, group, connector_id) if presented and group else None
        return done or self._grant(id_tag, connector_id, wish, group, source)

    def look(self):
        """To be called every 100 ms: who was let in before any car came, on no connector in particular, is
        served where the car comes."""
        for connector in self._connectors:
            if connector.roams and connector.pending_tag and not connector.snapshot.plugged:
                self._follow(connector)

    def _follow(self, waiting):
        for other in self._connectors:
            if _has_new_car(other) and not other.pending_tag:
                other.take_over(waiting)
                return

    def _grant(self, id_tag, connector_id, wish, group, source):
        connector = self._choose(connector_id, id_tag)
        if not connector:
            return self._refuse(id_tag, self._why_none(connector_id, id_tag))
        refusal = connector.grant(id_tag, wish, group, connector_id is None)
        if refusal:
            return "refused", refusal
        return ("started" if connector.transaction else "waiting"), source

    def _end(self, id_tag, group, connector_id):
        """Let a card (of a `group`, when that is told) end what it may; what was done, or None."""
        # Where one of a family's cars charges, a second one that has just been plugged in is to be started.
        if group and any(_has_new_car(connector) for connector in self._among(connector_id)):
            return None
        for connector in self._among(connector_id):
            running = connector.transaction
            if running and may_end(running, id_tag, group):
                if running.ending():
                    return self._refuse(id_tag, "its transaction is just ending")
                connector.stop("Local", id_tag)
                return "stopped", "a card of its group" if group else "the card that started it"
        return self._release(id_tag, group, connector_id)

    def _release(self, id_tag, group, connector_id):
        """Let go the cable that is held for this card; what was done, or None."""
        for connector in self._among(connector_id):
            if connector.hold and not connector.transaction and may_end(connector.hold, id_tag, group):
                connector.hold.end()
                return "released", "its cable was locked"
        return None

    def _among(self, connector_id):
        """The connectors that are asked for."""
        return [each for each in self._connectors if connector_id in (None, each.number)]

    def _refuse(self, id_tag, reason):
        self._services.publish({"event": "start_refused", "id_tag": id_tag, "reason": reason})
        return "refused", reason

    def _choose(self, connector_id, id_tag):
        """The connector asked for, else the best of those that can start: one with a car that waits, the one
        whose last transaction was of this card, one without a car, one whose car has charged - somebody
        else's car is the last that a card is for (errata 3.20) -, and none of them if somebody was let in
        there already and there is another."""
        if connector_id is not None:
            return (self._among(connector_id) or [None])[0]
        found, best = None, 0
        for connector in self._connectors:
            rank = _rank(connector, id_tag)
            if rank > best:
                found, best = connector, rank
        return found

    def _why_none(self, connector_id, id_tag):
        if connector_id is not None:
            return "there is no connector %s" % connector_id
        reasons = [(connector.number, connector.can_start(id_tag)) for connector in self._connectors]
        return reasons[0][1] if len(reasons) == 1 else ", ".join(["%d: %s" % reason for reason in reasons])


def _has_new_car(connector):
    """Whether a car has come that nobody has charged yet, and could be."""
    return connector.snapshot.plugged and not connector.used and not connector.can_start()


def _rank(connector, id_tag):
    """How well a connector suits a card; 0: it cannot start."""
    if connector.can_start(id_tag):
        return 0
    if connector.snapshot.plugged:
        if not connector.used:
            return 5
        if same_tag(connector.last_tag, id_tag):
            return 4
    if connector.pending_tag:
        return 1
    return 2 if connector.snapshot.plugged else 3
