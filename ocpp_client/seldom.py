"""Requests that come once in months: what serves them is loaded with the first one.

UnlockConnector (Core), TriggerMessage (the RemoteTrigger profile) and DataTransfer are such.
"""


def handlers(client, charger, dialogue):
    """Action to handler."""

    def unlock(payload):
        from ocpp_client.later import Later

        # Whoever wakes the client is only known later.
        later = Later({"status": "UnlockFailed"}, lambda: client.wake())  # noqa: PLW0108
        charger.unlock(payload["connectorId"], lambda status: later.give({"status": status}))
        return later

    def trigger(payload):
        from ocpp_client.trigger import Trigger

        source = Trigger(client, charger)
        dialogue.triggered = (source,)
        client.handlers["TriggerMessage"] = source.request
        return source.request(payload)

    def transfer(payload):
        from ocpp_client.transfer import serve

        return serve(charger, payload)

    return {"UnlockConnector": unlock, "TriggerMessage": trigger, "DataTransfer": transfer}


def note(client, dialogue, tx, text):
    """Tell the server of a note on the transaction with this number."""
    from ocpp_client.transfer import Notes

    for source in dialogue.sources:
        if isinstance(source, Notes):
            break
    else:
        source = Notes(client.transactions)
        # Behind people with cards, and before the messages of transactions: after the last of these the
        # server's id is known no more.
        dialogue.sources = dialogue.sources[:1] + (source,) + dialogue.sources[1:]
    source.add(tx, text)
    client.wake()
