"""What the backend's operator may order of the charger, as steps of a scenario.

remote_start           id_tag; connector, or wherever the charger likes
remote_stop            transaction, the backend's id; the latest that runs unless told
change_configuration   key, value
get_configuration      keys; all of them unless told
reset                  kind, "Soft" unless told, or "Hard"
change_availability    operative; connector, 0 for the whole charger unless told
unlock                 connector, 1 unless told
trigger_message        message; connector
data_transfer          message, data (the text of a JSON object); vendor, "org.mode3" unless told
clear_cache
card                   id_tag; status, "Accepted" unless told; parent; lasts, in seconds: what the backend
                       says of this card from now on
"""

from datetime import timedelta

from ocpp_client import transfer
from simulator.backend.central import CommandResult
from simulator.story import shapes
from simulator.story.shapes import NEEDED

CARD_STATUSES = ("Accepted", "Blocked", "Expired", "Invalid")
"""What the backend says of a card."""


def _remote_stop(station, transaction):
    if transaction is None:
        running = station.store.transactions.all(station.identity, running=True)
        transaction = running[-1].id if running else 0
    return station.central.remote_stop(station.identity, transaction)


def _get_configuration(station, keys):
    return station.central.get_configuration(station.identity, *keys)


async def _card(station, id_tag, status, parent, lasts):
    expires_at = None if lasts is None else station.central.clock.now() + timedelta(seconds=lasts)
    station.store.cards.add(id_tag, status, parent, expires_at)
    return CommandResult("Accepted")


def _order(name):
    """A command of `Central` that takes the values as they are."""
    return lambda station, **values: getattr(station.central, name)(station.identity, **values)


def _data_transfer(station, vendor, message, data):
    return station.central.data_transfer(station.identity, vendor, message, data)


_SOMEWHERE = {"connector": (shapes.whole(0, 99), None)}
ORDERS: dict = {
    "remote_start": (_order("remote_start"), {"id_tag": (shapes.text, NEEDED), **_SOMEWHERE}),
    "remote_stop": (_remote_stop, {"transaction": (shapes.whole(0, 2**31 - 1), None)}),
    "change_configuration": (
        _order("change_configuration"),
        {"key": (shapes.text, NEEDED), "value": (shapes.setting, NEEDED)},
    ),
    "get_configuration": (_get_configuration, {"keys": (shapes.texts, ())}),
    "reset": (_order("reset"), {"kind": (shapes.word("Soft", "Hard"), "Soft")}),
    "change_availability": (
        _order("change_availability"),
        {"operative": (shapes.truth, NEEDED), "connector": (shapes.whole(0, 99), 0)},
    ),
    "unlock": (_order("unlock"), {"connector": (shapes.whole(1, 99), 1)}),
    "trigger_message": (_order("trigger_message"), {"message": (shapes.text, NEEDED), **_SOMEWHERE}),
    "data_transfer": (
        _data_transfer,
        {
            "message": (shapes.text, NEEDED),
            "data": (shapes.text, NEEDED),
            "vendor": (shapes.text, transfer.VENDOR),
        },
    ),
    "clear_cache": (_order("clear_cache"), {}),
    "card": (
        _card,
        {
            "id_tag": (shapes.text, NEEDED),
            "status": (shapes.word(*CARD_STATUSES), "Accepted"),
            "parent": (shapes.text, None),
            "lasts": (shapes.seconds, None),
        },
    ),
}
"""By name: what does it with a `Station` and the values of these keys, and returns a `CommandResult`."""
