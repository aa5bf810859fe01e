"""Every field keeps the kind that it was made with: a count stays a count, a flag a flag, nothing is None."""

from control import faults, pilot
from tests.control.hands import Hands
from tests.control.station import Station
from tests.control.test_every_condition import live_through_everything

PLAIN = (int, bool, str, bytearray)
CHAPTERS = (
    (pilot.B, True, 0),
    (pilot.C, True, 0),
    (pilot.B, True, 0),
    (pilot.C, True, 1 << faults.SYS_WATCHDOG),
    (pilot.A, False, 0),
    (pilot.C, True, 0),
    (pilot.C, False, 0),
    (pilot.D, True, 0),
    (pilot.A, False, 0),
)
"""Which car stands there, whether it may charge, and what the firmware finds wrong."""


def kinds(thing, path="controller", seen=None):
    """Every plain field that is reachable from `thing`: its way there and its kind."""
    seen = set() if seen is None else seen
    if isinstance(thing, (*PLAIN, type(None))):
        yield path, type(thing)
    elif id(thing) not in seen:
        seen.add(id(thing))
        fields = enumerate(thing) if isinstance(thing, list | tuple) else vars(thing).items()
        for name, value in fields:
            yield from kinds(value, f"{path}.{name}", seen)


def test_every_field_keeps_its_kind_in_every_tick():
    hands = Hands()
    parts = (hands.controller, hands.outputs)
    before = dict(kinds(parts))

    def run(ticks):
        for _ in range(ticks):
            hands.tick()
            assert dict(kinds(parts)) == before

    run(400)
    for car, authorised, system_faults in CHAPTERS:
        hands.car = car
        hands.controller.mailbox.system_faults = system_faults
        hands.controller.mailbox.clear(faults.SYSTEM)
        hands.controller.mailbox.authorised_session = hands.controller.session.number if authorised else 0
        run(100)


class Strict(Station):
    """A station that looks at the kinds a hundred times in its life."""

    def boot(self, *args, **kept):
        super().boot(*args, **kept)
        self.kinds = dict(kinds(self.controller))
        self.left = 0

    def tick(self, *gap):
        super().tick(*gap)
        self.left -= 1
        if self.left <= 0:
            self.left = 500
            self.check()

    def check(self):
        changed = [path for path, kind in kinds(self.controller) if self.kinds[path] != kind]
        assert not changed

    def run(self, duration_ms):
        super().run(duration_ms)
        self.check()


def test_no_field_begins_as_none():
    assert set(dict(kinds(Station().controller)).values()) <= set(PLAIN)


def test_every_field_keeps_its_kind_through_a_life():
    live_through_everything(Strict())
