"""What clients read of a connector beside its status; only loaded when somebody asks, or limits in W."""

from control import limits as table
from firmware.standing import limit_text


def limits(connector):
    """Every limit of a `Connector`, in the order of `control.limits`: dicts of

    source    its name
    limit_ma  what it allows a phase in use, None while it does not limit
    power_w   where it was set in W, how many; else 0
    left_ms   how long it still holds; 0: until it is set anew
    least     whether it is the one that counts
    reason    what people read of it, such as 'cable 20 A'; empty while it does not limit
    """
    known = connector.controller.limits
    found = []
    for source, name in enumerate(table.NAMES):
        limit_ma = known.value_ma(source)
        holds = limit_ma < table.NO_LIMIT_MA
        found.append(
            {
                "source": name,
                "limit_ma": limit_ma if holds else None,
                "power_w": power_w(connector.controller, source),
                "left_ms": known.left_ms(source),
                "least": source == known.reason,
                "reason": limit_text(source, limit_ma) if holds else "",
            }
        )
    return found


def session(connector):
    """The plug-in that is: a dict of

    plugged      a car is there; without one the rest tells of the last
    session_s    since it was plugged in
    idle_s       since current last flowed (inactivity)
    session_wh   what it has got
    phases       that it uses, as far as it has shown
    transaction  number of the running one, or 0; then
    id_tag, meter_wh, stamp  who pays, the register at its start, and when that was (`firmware.clock`)
    power_w, energy_wh, duration_s  what was asked for it, 0 for any
    note         what was written on it
    """
    snapshot, running, wish = connector.snapshot, connector.transaction, connector.wish
    return {
        "plugged": snapshot.plugged,
        "session_s": snapshot.session_s,
        "idle_s": snapshot.idle_s,
        "session_wh": snapshot.session_wh,
        "phases": snapshot.phases_in_use,
        "transaction": running.number if running else 0,
        "id_tag": running.id_tag if running else "",
        "meter_wh": running.meter_wh if running else 0,
        "stamp": running.stamp if running else None,
        "power_w": wish.power_w if wish else 0,
        "energy_wh": wish.energy_wh if wish else 0,
        "duration_s": wish.duration_s if wish else 0,
        "note": running.note if running else "",
    }


def power_w(controller, source):
    """What a row limits in W, 0 while it does not."""
    known, mailbox = controller.limits, controller.mailbox
    if known.value_ma(source) >= table.NO_LIMIT_MA:
        return 0
    return mailbox.power_w[source] if not mailbox.life_ms[source] or known.left_ms(source) else 0


def least_power_w(controller):
    """The least of the rows in W, or None."""
    found = [power_w(controller, source) for source in controller.mailbox.SOURCES]
    return min([value_w for value_w in found if value_w] or [None])
