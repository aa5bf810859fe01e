"""Which connectors are in service, as the operator ordered (OCPP 1.6, 5.2). Only loaded to change that.

The journal keeps the numbers of those that are not, with 0 among them when the whole charger is not. It is
written before it is acted on, so a power cut leaves the order as it was or as it is. What runs ends first; a
connector is out of service from then on.
"""

INOPERATIVE = "inoperative"
"""Name of that in the journal."""


def change(charger, services, connector_id, operative):
    """Order it for a connector, or with 0 for the charger and all of its connectors. 'Accepted', 'Scheduled'
    for the end of what runs, or 'Rejected': there is no such connector, or the journal has no room."""
    if charger.connector(connector_id) is None and connector_id != 0:
        return "Rejected"
    numbers = _after(charger, services.journal.get(INOPERATIVE) or (), connector_id, operative)
    try:
        services.journal.keep(INOPERATIVE, numbers)
    except OSError:
        return "Rejected"
    waits = False
    for connector in charger.connectors:
        connector.operative = connector.number not in numbers
        connector.obey()
        waits = waits or (connector_id in (0, connector.number) and connector.transaction is not None)
    charger.operative = 0 not in numbers
    status = "Scheduled" if waits and not operative else "Accepted"
    told = {"event": "availability", "operative": operative, "status": status}
    if connector_id:
        told["connector"] = connector_id
    services.publish(told)
    return status


def _after(charger, numbers, connector_id, operative):
    """Who is out of service after such an order. A charger of which one connector may charge is not."""
    every = list(range(charger.connector_count + 1))
    if connector_id == 0:
        return [] if operative else every
    if operative:
        return [number for number in numbers if number not in (0, connector_id)]
    return sorted(set(numbers) | {connector_id})
