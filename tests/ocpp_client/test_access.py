"""Security profile and password: who is let in, how a change of them is tried out, and the way back (security
whitepaper, A01 and A05)."""

import base64
import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpp_client.access import MOST, TRIES
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.outage import TELL_AGAIN_MS
from tests.ocpp_client.backend import World
from tests.ocpp_client.ports_in_memory import MemoryStore

OLD, NEW = "the-old-password-1", "the-new-password-2"
DIGITS = "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF"
RAW = bytes.fromhex(DIGITS)


class Guarded(World):
    """A world whose server lets in who shows one of `passwords`, at the profiles in `listens`."""

    def __init__(self, *passwords, listens=(0, 1, 2), **options):
        self.passwords = [word.encode() if isinstance(word, str) else word for word in passwords]
        self.listens = listens
        self.shown: list = []
        """What was tried: (profile, the password that was shown or None, whether it came in)."""
        self.dialled: list = []
        """The password of each attempt, in vain or not."""
        self.told: list = []
        super().__init__(**options)

    def power(self):
        self.backend.admits = self.admits
        super().power()
        self.client.report = self.told.append
        self.client.access.trusts = lambda: True

    def admits(self, request):
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        user, _, word = base64.b64decode(shown).partition(b":")
        let_in = not self.passwords or (scheme == "Basic" and user == b"CP001" and word in self.passwords)
        self.shown.append((self.client.access.profile, word if scheme else None, let_in))
        return let_in

    def open(self):
        network = self.network
        self.client.access.dial()
        self.dialled.append(self.client.access.password)
        # Nobody speaks TLS here: that it would be spoken is what counts.
        self.network = network and self.client.access.profile in self.listens
        super().open()
        self.network = network

    def change(self, name, text):
        return self.ask("ChangeConfiguration", {"key": name, "value": text}).payload["status"]

    def events(self, name):
        return [event for event in self.told if event["event"] == name]


def guarded(profile, *passwords, **options):
    """One that is connected, with the old password where its profile asks for one."""
    options.setdefault("settings", {"AuthorizationKey": OLD, "SecurityProfile": str(profile)})
    world = Guarded(*passwords, **options)
    world.run(2)
    assert world.client.accepted
    return world


def shown(world):
    return [word for _, word, _ in world.shown]


@pytest.mark.parametrize(
    ("profile", "password", "word"),
    [(0, OLD, None), (0, "", None), (1, OLD, OLD.encode()), (2, OLD, OLD.encode())],
)
def test_a_password_is_shown_from_profile_1_on(profile, password, word):
    world = Guarded(settings={"AuthorizationKey": password, "SecurityProfile": str(profile)})
    world.run(2)
    assert world.shown == [(profile, word, True)]


@pytest.mark.parametrize("profile", [1, 2])
def test_a_profile_that_asks_for_a_password_needs_one(profile):
    with pytest.raises(
        ValueError, match=f"SecurityProfile {profile} asks for a password: set Auth.* to 0 where"
    ):
        World(settings={"SecurityProfile": str(profile)})


def test_tls_is_spoken_at_profile_2_whatever_the_address_says():
    urls = {
        profile: World(settings={"AuthorizationKey": OLD, "SecurityProfile": profile}).client.address.url
        for profile in "012"
    }
    assert urls == {
        "0": "ws://127.0.0.1:9000/ocpp/CP001",
        "1": "ws://127.0.0.1:9000/ocpp/CP001",
        "2": "wss://127.0.0.1:9000/ocpp/CP001",
    }


def test_a_new_password_counts_from_the_next_connection_which_follows_the_answer():
    world = guarded(1, OLD, NEW)
    assert world.change("authorizationKEY", NEW) == "Accepted"
    world.run(2)
    assert world.client.accepted
    assert shown(world) == [OLD.encode(), NEW.encode()]
    assert world.events("access") == [{"event": "access", "profile": 1, "changed": True, "reason": ""}]
    assert world.events("link") == [], "nothing went wrong"


def test_the_farewell_is_a_close_frame_after_the_answer():
    world = guarded(1, OLD, NEW)
    protocol = world.backend.protocol
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    assert protocol.close_rcvd.code == 1000
    assert world.backend.frames[-1].payload == {"status": "Accepted"}


def test_the_same_password_again_changes_nothing():
    world = guarded(1, OLD)
    assert world.change("AuthorizationKey", OLD) == "Accepted"
    world.run(10)
    assert len(world.shown) == 1


def test_a_password_that_nobody_asks_for_changes_no_connection():
    world = guarded(0)
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    world.run(10)
    assert len(world.shown) == 1


def test_a_new_password_that_is_refused_gives_way_to_the_old():
    world = guarded(1, OLD)
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    world.run(30)
    assert world.client.accepted
    assert shown(world) == [OLD.encode(), NEW.encode(), OLD.encode()]
    assert world.configuration.get("AuthorizationKey") == OLD
    (told,) = world.events("access")
    assert (told["profile"], told["changed"]) == (1, False)
    assert "HTTP 401" in told["reason"]
    world.run(3600)
    assert len(world.shown) == 3, "and stays"


def test_a_new_password_that_never_connects_gives_way_to_the_old_after_some_tries():
    world = guarded(1, OLD)
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    world.network = False
    while len(world.dialled) <= TRIES:
        world.run(2)
    world.network = True
    world.run(300)
    assert world.dialled == [OLD] + [NEW] * TRIES + [OLD]
    assert world.client.accepted
    assert world.configuration.get("AuthorizationKey") == OLD
    assert "nobody there" in world.events("access")[0]["reason"]


def test_old_and_new_take_turns_until_the_server_has_made_up_its_mind():
    world = guarded(1, OLD)
    world.passwords = []
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    world.cut()
    world.passwords = [b"nobody knows"]
    del world.shown[:]
    world.run(120)
    assert shown(world)[:4] == [NEW.encode(), OLD.encode(), NEW.encode(), OLD.encode()]
    world.passwords = [NEW.encode()]
    world.run(600)
    assert world.client.accepted
    assert world.configuration.get("AuthorizationKey") == NEW
    assert [event["changed"] for event in world.events("access")] == [True]


def test_without_a_password_that_worked_there_is_no_way_back():
    world = Guarded(NEW, settings={"AuthorizationKey": OLD, "SecurityProfile": "1"})
    world.run(120)
    assert set(shown(world)) == {OLD.encode()}
    assert world.configuration.write("AuthorizationKey", NEW) == "Accepted"
    world.run(300)
    assert world.client.accepted
    assert world.events("access") == []


def test_what_worked_at_another_server_is_not_shown_to_this_one():
    world = guarded(1, OLD)
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    kept = world.store.saved["access"]
    world.store.saved["access"] = ["ws://elsewhere/ocpp", *kept[1:]]
    world.reboot()
    world.passwords = [b"somebody else's"]
    del world.shown[:]
    world.run(600)
    assert set(shown(world)) == {NEW.encode()}


@pytest.mark.parametrize(
    ("key", "forms"),
    [
        (DIGITS, [RAW, DIGITS.encode()]),
        (DIGITS[:32], [DIGITS[:32].encode(), RAW[:16]]),
        (DIGITS[:33], [DIGITS[:33].encode()] * 2),
        ("g" * 40, [b"g" * 40] * 2),
        (DIGITS[:30], [DIGITS[:30].encode()] * 2),
    ],
)
def test_hexadecimal_digits_are_bytes_or_text_as_the_server_takes_them(key, forms):
    world = Guarded(b"neither", settings={"AuthorizationKey": key, "SecurityProfile": "1"})
    world.run(300)
    assert shown(world)[:4] == forms * 2
    world.passwords = [forms[1]]
    world.run(600)
    assert world.client.accepted


def test_both_forms_of_a_new_password_are_shown_before_the_old():
    world = guarded(1, OLD)
    assert world.change("AuthorizationKey", DIGITS) == "Accepted"
    world.run(60)
    assert shown(world) == [OLD.encode(), RAW, DIGITS.encode(), OLD.encode()]
    assert world.client.accepted


def test_a_profile_is_raised_on_the_next_connection():
    world = guarded(0)
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    assert world.change("SecurityProfile", "1") == "Accepted"
    world.run(2)
    assert world.change("SecurityProfile", "2") == "Accepted"
    world.run(2)
    assert world.client.accepted
    assert world.shown == [(0, None, True), (1, NEW.encode(), True), (2, NEW.encode(), True)]
    assert world.client.address.secure
    assert world.change("SecurityProfile", "1") == "Rejected"


def test_a_profile_that_does_not_connect_gives_way_to_the_one_before():
    world = guarded(1, OLD, listens=(0, 1))
    assert world.change("SecurityProfile", "2") == "Accepted"
    world.run(300)
    assert world.client.accepted
    assert not world.client.address.secure
    assert world.configuration.get("SecurityProfile") == 1
    assert [(event["profile"], event["changed"]) for event in world.events("access")] == [(1, False)]


def test_a_password_outlives_the_profile_that_did_not_connect():
    world = guarded(0, listens=(0,))
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    assert world.change("SecurityProfile", "1") == "Accepted"
    world.run(300)
    assert world.client.accepted
    assert world.configuration.get("SecurityProfile") == 0
    assert world.configuration.get("AuthorizationKey") == NEW


@pytest.mark.parametrize(
    ("key", "trusts", "told"),
    [
        ("", True, ["Rejected", "Rejected"]),
        ("fifteen-letters", True, ["Rejected", "Rejected"]),
        (OLD, False, ["Accepted", "Rejected"]),
        (OLD, True, ["Accepted", "Accepted"]),
    ],
)
def test_a_profile_whose_needs_are_not_met_is_refused(key, trusts, told):
    world = guarded(0, settings={"AuthorizationKey": key})
    world.client.access.trusts = lambda: trusts
    answers = []
    for profile in "12":
        answers.append(world.change("SecurityProfile", profile))
        world.run(2)
    assert answers == told


def test_nobody_is_trusted_unless_somebody_says_so():
    world = World(settings={"AuthorizationKey": OLD})
    world.run(2)
    change = {"key": "SecurityProfile", "value": "2"}
    assert world.ask("ChangeConfiguration", change).payload["status"] == "Rejected"


def test_a_change_in_the_midst_of_an_attempt_concerns_the_next():
    for let_in in (True, False):
        world = Guarded(OLD, NEW, settings={"AuthorizationKey": OLD, "SecurityProfile": "1"})
        world.client.opening(0)
        world.configuration.write("AuthorizationKey", NEW)
        world.backend.connect()
        world.client.connected(0)
        world.linked = True
        if not let_in:
            world.passwords = [NEW.encode()]
        world.run(30)
        assert shown(world) == [OLD.encode(), NEW.encode()]
        assert world.client.accepted


def test_a_store_that_refuses_leaves_a_change_on_trial():
    world = guarded(1, OLD, NEW)
    keep = world.store.keep

    def refuse(name, value):
        if name == "access" and value is None:
            raise OSError("no room")
        keep(name, value)

    world.store.keep = refuse
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    world.run(2)
    assert world.client.accepted
    assert world.events("access") == []
    assert OLD in world.store.saved["access"]
    world.store.keep = keep
    world.cut()
    world.run(10)
    assert [event["changed"] for event in world.events("access")] == [True]
    assert world.store.saved["access"] is None


@pytest.mark.parametrize(("key", "value"), [("AuthorizationKey", NEW), ("SecurityProfile", "2")])
def test_a_change_without_a_way_back_is_refused(key, value):
    world = guarded(1, OLD)
    keep = world.store.keep

    def refuse(name, value):
        if name == "access":
            raise OSError("no room")
        keep(name, value)

    world.store.keep = refuse
    assert world.change(key, value) == "Rejected"
    world.run(10)
    assert world.client.accepted
    assert len(world.shown) == 1


# What the owner sets.


def test_what_the_owner_sets_stays_and_its_failure_is_told():
    """The backend's former word is no way back from it, not after a power cut either."""
    world = guarded(1, OLD, listens=(0, 1))
    assert world.configuration.write("SecurityProfile", "2") == "Accepted"
    world.run(3600)
    world.reboot()
    world.run(3600)
    assert world.configuration.get("SecurityProfile") == 2
    assert not world.client.accepted
    assert world.events("access") == []
    assert "nobody there" in world.events("link")[0]["state"]


def test_a_password_that_the_owner_mistypes_is_told_and_waits_for_the_right_one():
    world = guarded(1, OLD, NEW)
    assert world.configuration.write("AuthorizationKey", "the-new-passwort-2") == "Accepted"
    world.run(600)
    assert set(shown(world)[1:]) == {b"the-new-passwort-2"}
    assert "password was refused" in world.events("link")[0]["state"]
    assert world.configuration.write("AuthorizationKey", NEW) == "Accepted"
    world.run(300)
    assert world.client.accepted
    assert [event["changed"] for event in world.events("access")] == [True]


@pytest.mark.parametrize("at_start", [False, True])
def test_the_owner_s_word_ends_the_trial_of_a_backend_s(at_start):
    world = guarded(1, OLD)
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    world.network = False
    world.run(2)
    if at_start:
        Configuration(OCPP_KEYS, world.store).assign("AuthorizationKey", "the-owner-s-own-3")
        world.reboot()
    else:
        world.configuration.assign("AuthorizationKey", "the-owner-s-own-3")
    world.network = True
    del world.shown[:]
    world.run(600)
    assert set(shown(world)) == {b"the-owner-s-own-3"}


@pytest.mark.parametrize("rebooted", [False, True])
@pytest.mark.parametrize("waited_s", [2, 1200])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("AuthorizationKey", OLD),
        ("SecurityProfile", "1"),
        ("SecurityProfile", "0"),
        ("AuthorizationKey", NEW),
        ("SecurityProfile", "2"),
    ],
)
def test_the_owner_s_word_ends_a_trial_also_where_it_is_one_of_the_trial_s(key, value, waited_s, rebooted):
    """The backend has raised the profile and changed the password; TLS is disturbed for a while."""
    world = guarded(1, OLD, listens=(0, 1))
    assert in_a_row(world, PASSWORDS[0], ("SecurityProfile", "2")) == ["Accepted", "Accepted"]
    world.network = False
    world.run(waited_s)
    assert world.configuration.write(key, value) == "Accepted"
    set_by_owner = {name: world.configuration.text(name) for name in ("AuthorizationKey", "SecurityProfile")}
    if rebooted:
        world.reboot()
    world.network, world.listens = True, (1,)
    world.passwords = [OLD.encode()]
    world.run(1800)
    assert {name: world.configuration.text(name) for name in set_by_owner} == set_by_owner
    assert world.store.get("access") is None


def test_a_trial_that_a_power_cut_caught_between_two_keys_has_its_way_back():
    world = guarded(1, OLD)
    assert world.configuration.change("AuthorizationKey", NEW) == "Accepted"
    assert world.configuration.change("SecurityProfile", "2") == "Accepted"
    # As if the second had not been written.
    world.store.keep("set-SecurityProfile", "1")
    world.reboot()
    world.run(60)
    assert world.client.accepted
    assert world.configuration.get("AuthorizationKey") == OLD


def test_a_store_that_refuses_leaves_the_old_in_use():
    world = guarded(1, OLD)
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    keep = world.store.keep

    def refuse(name, value):
        raise OSError("no room")

    world.store.keep = refuse
    world.run(30)
    assert world.client.accepted, "with the old"
    assert world.events("access") == []
    world.store.keep = keep
    world.cut()
    world.run(10)
    assert world.client.accepted
    assert world.configuration.get("AuthorizationKey") == OLD


class Snapshots(MemoryStore):
    """Remembers what a power cut after each write would leave."""

    def __init__(self):
        super().__init__()
        self.cuts = []

    def keep(self, name, value):
        super().keep(name, value)
        self.cuts.append(copy.deepcopy(self.saved))


@pytest.mark.parametrize("server", [[OLD], [NEW], [OLD, NEW]], ids="-".join)
@pytest.mark.parametrize("profile", [1, 2])
def test_a_power_cut_in_any_phase_of_a_change_locks_nobody_out(server, profile):
    """Cuts after each write of a change, at a server that has made it, has not, or takes both."""
    kept = Snapshots()
    world = guarded(profile, OLD, store=kept)
    begun = len(kept.cuts)
    assert world.change("AuthorizationKey", NEW) == "Accepted"
    world.passwords = [word.encode() for word in server]
    world.run(60)
    assert world.client.accepted
    assert kept.cuts[begun]["set-AuthorizationKey"] == OLD, "the way back is written first"
    cuts = kept.cuts[begun + 1 :]
    assert len(cuts) >= 2
    for saved in cuts:
        store = MemoryStore()
        store.saved = saved
        after = Guarded(*server, store=store, settings={"SecurityProfile": str(profile)})
        after.run(60)
        assert after.client.accepted
        assert after.configuration.get("AuthorizationKey") in server
        assert store.saved["access"] is None, "the trial is over"


def test_no_password_is_ever_told():
    world = guarded(1, OLD)
    for key in (NEW, DIGITS):
        world.change("AuthorizationKey", key)
        world.run(60)
    world.ask("GetConfiguration", {})
    said = json.dumps([frame.message for frame in world.backend.frames if frame.direction == "out"])
    said += json.dumps(world.told) + world.client.state
    assert len(world.told) > 2
    for secret in (OLD, NEW, DIGITS):
        assert secret not in said


def test_the_reason_for_no_link_is_told_once_in_a_while():
    world = Guarded(NEW, settings={"AuthorizationKey": OLD, "SecurityProfile": "1"})
    world.run(TELL_AGAIN_MS / 1000 - 1)
    (told,) = world.events("link")
    assert told["state"].startswith("waiting ")
    assert "password was refused" in told["state"]
    assert len(world.shown) > 5
    world.run(TELL_AGAIN_MS / 1000)
    assert len(world.events("link")) == 2
    world.network = False
    world.run(600)
    assert "nobody there" in world.events("link")[2]["state"]


def test_an_end_that_the_owner_wished_is_no_trouble():
    world = guarded(1, OLD)
    world.cut("")
    assert world.events("link") == []
    assert world.client.state.startswith("waiting ")


@given(st.lists(st.sampled_from(["old", "new", "both", "away", "change", "cut"]), max_size=20))
def test_whatever_the_server_goes_by_the_charger_comes_in(steps):
    """The oracle knows the passwords that the server takes, and nothing of how the charger tries."""
    world = guarded(1, OLD)
    for step in steps:
        world.network = step != "away"
        if step == "cut":
            world.reboot()
        elif step == "change" and world.client.accepted:
            key = NEW if world.configuration.get("AuthorizationKey") == OLD else OLD
            assert world.change("AuthorizationKey", key) == "Accepted"
        elif step in ("old", "new", "both"):
            world.passwords = [word.encode() for word in (OLD, NEW) if step == "both" or word[4:7] == step]
        world.run(7)
    on_trial = world.store.saved.get("access") or ()
    known = {OLD, NEW} & {world.configuration.get("AuthorizationKey"), *on_trial[2:3]}
    world.network = True
    world.passwords = [word.encode() for word in known]
    world.run(3600)
    assert world.client.accepted
    assert world.configuration.get("AuthorizationKey") in known


# Several changes at once.


def in_a_row(world, *changes):
    """The backend changes keys in one piece of bytes; what is answered."""
    asked = [
        world.backend.call("ChangeConfiguration", {"key": key, "value": value}) for key, value in changes
    ]
    world.settle()
    return [world.backend.reply(message_id).payload["status"] for message_id in asked]


PASSWORDS = [("AuthorizationKey", NEW), ("AuthorizationKey", "the-newest-password-3")]


@pytest.mark.parametrize("word", [OLD, NEW, "the-newest-password-3"])
def test_of_two_passwords_in_a_row_any_may_be_the_right_one(word):
    """The link may have gone before the answer to either."""
    kept = Snapshots()
    world = guarded(1, store=kept)
    begun = len(kept.cuts)
    assert in_a_row(world, *PASSWORDS) == ["Accepted", "Accepted"]
    cuts = kept.cuts[begun:]
    assert len(cuts) >= 4
    answered = word == OLD
    for saved in cuts:
        after = MemoryStore()
        after.saved = copy.deepcopy(saved)
        # No server goes by what was not even written.
        answered = answered or saved["set-AuthorizationKey"] == word
        if answered:
            again = Guarded(word, store=after, settings={"SecurityProfile": "1"})
            again.run(7200)
            assert again.client.accepted, saved
            assert again.configuration.get("AuthorizationKey") == word


@pytest.mark.parametrize(("profile", "word"), [(1, OLD), (1, NEW), (2, NEW)])
def test_of_a_password_and_a_profile_in_a_row_either_may_be_refused(profile, word):
    world = guarded(1, settings={"AuthorizationKey": OLD, "SecurityProfile": "1"})
    world.passwords, world.listens = [word.encode()], (profile,)
    assert in_a_row(world, PASSWORDS[0], ("SecurityProfile", "2")) == ["Accepted", "Accepted"]
    world.run(7200)
    assert world.client.accepted
    assert world.client.access.profile == profile
    assert world.configuration.get("AuthorizationKey") == word


def test_more_changes_than_anybody_needs_are_rejected_until_one_was_tried():
    world = guarded(1)
    changes = [("AuthorizationKey", "the-password-no-%d" % number) for number in range(MOST + 2)]
    assert in_a_row(world, *changes) == ["Accepted"] * MOST + ["Rejected"] * 2
    world.run(5)
    assert world.client.accepted
    assert in_a_row(world, changes[-1]) == ["Accepted"]
