"""What a person or a script may do to a simulated charger: the commands of the control socket.

A command is an object with `do`; `connector` is 1 unless told, in every one. An answer is
`{"ok": true, "t_ms": ..., ...}` or `{"ok": false, "error": "..."}`. A `note` in it says that nothing was left
to do.

    plug       ev (object): a car comes, with these traits and the defaults of the others
    unplug     it leaves
    ev         ev (object): the car that is plugged in changes these traits
    swipe      id_tag: a card is held to the reader, which is one for all connectors
    press      the button is pressed, which is one as well
    pulse      ms: S2 of the car seems to be the other way round for so long
    stall      ms: the processor, which is one as well, is held up for so long: no tick comes, and no sleeping
               task wakes; after 8 s its watchdog restarts it
    charge     id_tag, power_w, energy_wh, duration_s (0 unless told: any), note: the owner asks the charger
               itself for a charge, with limits of its own, as at its page
    skip       the owner calls off the random waits of this plug-in
    set        key, value: the owner changes a setting, as at its page; a secret is not kept in any log
    world      world (object): what surrounds the charger (`simulator.portable.surroundings`)
    fault      name: a physical cause comes (`simulator.portable.faults`)
    clear      name: it goes; what the firmware latched stays latched
    power      to: "off" or "on", the mains and with them the firmware
    network    to: "cut" or "restore"
    advance    s: manual time passes (--speed 0)
    get        how everything stands (`simulator.remote.view`)
    guide      error: what people should know about the error with this vendor code; `guide` in the answer
    wait       for, timeout_s (60 unless told), since_ms (now unless told; which events and frames count):
               until a condition holds (`simulator.remote.conditions`)

The traits of a car are those of `simulator.portable.car.RANGES` (phases, max_a, charge, battery_wh, ...), and
for people `battery` in kWh and `level` in % of the battery. `charge` is whether the car wants to.
"""

import inspect

from control.windows import MOST_W
from firmware import guide, settings
from firmware.wish import MOST_S, MOST_WH
from simulator.portable import faults
from simulator.portable.car import UnknownTrait
from simulator.portable.faults import UnknownFault
from simulator.portable.outlet import Locked
from simulator.portable.world import UnknownConnector
from simulator.remote import fields, view, waiting
from simulator.remote.conditions import BadCondition, Condition
from simulator.remote.fields import NEEDED, Refused

LONGEST_PULSE_MS = LONGEST_STALL_MS = 60_000
_REFUSALS = (Refused, BadCondition, UnknownConnector, UnknownTrait, UnknownFault, Locked)


class Commands:
    """Performs commands on a bench, and notes in its log what they change. `manual`: time stands still but
    for `advance`."""

    def __init__(self, bench, manual=False):
        self._bench = bench
        self._world = bench.world
        self._manual = manual

    async def perform(self, command):
        """Do one command and return its answer; whatever `command` is, nothing is raised for it."""
        try:
            action, values = self._read(command)
            outcome = action(self, **values)
            if inspect.isawaitable(outcome):
                outcome = await outcome
        except _REFUSALS as reason:
            return {"ok": False, "error": str(reason)}
        return {"ok": True, "t_ms": self._bench.kernel.now_ms(), **(outcome or {})}

    def _read(self, command):
        """The action of a command and its values; Refused."""
        if not isinstance(command, dict):
            raise Refused('a command is an object such as {"do": "get"}')
        do = command.get("do")
        if not isinstance(do, str) or do not in _TABLE:
            asked = f"'{do[:40]}' is no command" if isinstance(do, str) else "a command names what to do"
            raise Refused(f"{asked}; 'do' is one of: {', '.join(_TABLE)}")
        action, known = _TABLE[do]
        given = {name: value for name, value in command.items() if name != "do"}
        return action, fields.check(do, {**_EVERY, **known}, given, self._bench)

    def _plug(self, connector, ev):
        outlet = self._world.outlet(connector)
        if outlet.car.plugged:
            raise Refused(f"connector {connector} has a car already; unplug it first, or change it with ev")
        traits = fields.level_wh(ev)
        outlet.plug(**traits)
        self._note("plug", connector=connector, **traits)

    def _unplug(self, connector):
        self._need_car(connector)
        self._world.outlet(connector).unplug()
        self._note("unplug", connector=connector)

    def _ev(self, connector, ev):
        car = self._need_car(connector)
        traits = fields.level_wh(ev, car.battery_wh)
        car.set(**traits)
        self._note("ev", connector=connector, **traits)

    def _swipe(self, connector, id_tag):
        self._need_power("the card reader")
        self._world.card_reader.swipe(id_tag)
        self._note("swipe", id_tag=id_tag)

    def _press(self, connector):
        self._need_power("the button")
        self._world.button.press()
        self._note("press")

    def _pulse(self, connector, ms):
        self._need_car(connector).pulse(ms)
        self._note("pulse", connector=connector, ms=ms)

    def _stall(self, connector, ms):
        self._need_power("the processor")
        self._bench.stall(ms)
        self._note("stall", ms=ms)

    async def _charge(self, connector, id_tag, **wish):
        charger = self._need_charger()
        if charger:
            outcome, reason = await charger.start(id_tag, connector, **wish)
            if outcome == "refused":
                raise Refused(f"the charger refuses: {reason}")

    def _skip(self, connector):
        charger = self._need_charger()
        if charger:
            charger.skip_waits(connector)

    def _set(self, connector, key, value):
        self._need_power("the charger")
        # The rehearsal has no charger, and refuses what none would take.
        firmware = self._bench.firmware
        try:
            rule = self._settings_key(key)
            rule.parse(value)
            if firmware:
                firmware.settings.assign(key, value)
        except (ValueError, OSError) as reason:
            raise Refused(str(reason)) from None
        return {"note": f"{rule.name} counts from the next start on"} if rule.reboot else {}

    def _settings_key(self, name):
        rule = settings.keys().find(name)
        if rule is None:
            raise Refused(f"no setting is called '{name}'; docs/configuration.md lists them")
        return rule

    def _surround(self, connector, world):
        self._world.set(connector, **world)
        self._note("world", connector=connector, **world)

    def _fault(self, connector, name):
        if self._has(connector, name):
            return {"note": f"fault {name} is there already"}
        self._world.fault(name, connector)
        self._note("fault", connector=connector, name=name)
        return {}

    def _clear(self, connector, name):
        was_there = self._has(connector, name)
        self._world.clear(name, connector)
        if not was_there:
            return {"note": f"fault {name} was not there"}
        self._note("clear", connector=connector, name=name)
        return {}

    async def _power(self, connector, to):
        await self._bench.power(to == "on")

    def _network(self, connector, to):
        if to == "cut":
            self._bench.network.cut()
        else:
            self._bench.network.restore()
        self._note("network", to=to)

    async def _advance(self, connector, s):
        try:
            await self._bench.kernel.advance(s)
        except RuntimeError as reason:
            raise Refused(str(reason)) from None

    def _get(self, connector):
        return view.of_everything(self._bench)

    def _guide(self, connector, error):
        firmware = self._bench.firmware
        try:
            # Who has switched the charger off, as one of them says first, may read on.
            return {"guide": firmware.charger.guide(error) if firmware else guide.load(error).paragraph()}
        except ValueError as reason:
            raise Refused(str(reason)) from None

    async def _wait(self, connector, timeout_s, since_ms, **wanted):
        condition = Condition(wanted["for"], self._bench, connector)
        if since_ms is not None:
            for entry in (*self._bench.events, *self._bench.frames):
                if entry["t_ms"] >= since_ms:
                    condition.hear(entry)
        if not await waiting.until(self._bench, condition, timeout_s, self._manual):
            hint = "; with --speed 0 time moves only by advance" if self._manual else ""
            raise Refused(f"'{condition}' did not hold within {timeout_s:g} s: {condition.shortfall()}{hint}")

    def _has(self, connector, name):
        return name in faults.present(self._world.outlet(connector))

    def _need_car(self, connector):
        car = self._world.outlet(connector).car
        if not car.plugged:
            raise Refused(f"connector {connector} has no car; plug one in first")
        return car

    def _need_power(self, thing):
        if not self._world.mains.on:
            raise Refused(f"{thing} is dead while the power is off; switch it on first")

    def _need_charger(self):
        """Who answers the owner; None in a rehearsal."""
        self._need_power("the charger")
        return self._bench.firmware and self._bench.firmware.charger

    def _note(self, event, **details):
        self._bench.note("world", event, **details)


_EVERY: dict = {"connector": (fields.connector, 1)}
_NAMED = {"name": (fields.fault, NEEDED)}

_TABLE: dict = {
    "plug": (Commands._plug, {"ev": (fields.traits, {})}),
    "unplug": (Commands._unplug, {}),
    "ev": (Commands._ev, {"ev": (fields.traits, NEEDED)}),
    "swipe": (
        Commands._swipe,
        {"connector": (fields.for_all("card reader"), 1), "id_tag": (fields.text, NEEDED)},
    ),
    "press": (Commands._press, {"connector": (fields.for_all("button"), 1)}),
    "pulse": (Commands._pulse, {"ms": (fields.whole(1, LONGEST_PULSE_MS, "ms"), NEEDED)}),
    "stall": (
        Commands._stall,
        {
            "connector": (fields.for_all("processor"), 1),
            "ms": (fields.whole(1, LONGEST_STALL_MS, "ms"), NEEDED),
        },
    ),
    "charge": (
        Commands._charge,
        {
            "id_tag": (fields.text, NEEDED),
            "power_w": (fields.whole(0, MOST_W, "W"), 0),
            "energy_wh": (fields.whole(0, MOST_WH, "Wh"), 0),
            "duration_s": (fields.whole(0, MOST_S, "s"), 0),
            "note": (fields.name, ""),
        },
    ),
    "skip": (Commands._skip, {}),
    "set": (Commands._set, {"key": (fields.name, NEEDED), "value": (fields.setting, NEEDED)}),
    "world": (Commands._surround, {"world": (fields.surroundings, NEEDED)}),
    "fault": (Commands._fault, _NAMED),
    "clear": (Commands._clear, _NAMED),
    "power": (Commands._power, {"to": (fields.choice("off", "on"), NEEDED)}),
    "network": (Commands._network, {"to": (fields.choice("cut", "restore"), NEEDED)}),
    "advance": (Commands._advance, {"s": (fields.seconds, NEEDED)}),
    "get": (Commands._get, {}),
    "guide": (Commands._guide, {"error": (fields.name, NEEDED)}),
    "wait": (
        Commands._wait,
        {
            "for": (fields.anything, NEEDED),
            "timeout_s": (fields.seconds, 60),
            "since_ms": (fields.moment, None),
        },
    ),
}
"""By name: what does it, and its fields beside `connector`, or with another meaning of it."""

NAMES = tuple(_TABLE)
