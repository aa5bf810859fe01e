"""The authorisation cache on the journal's flash: a power cut at every byte of every write leaves each card
as it was known before or after, and all the others as they were."""

from firmware.journal import Journal
from ocpp_client.cache import Cache
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from simulator.portable.flash import Flash
from tests.firmware.power import PowerCut, cuts, half_done, prepare
from tests.ocpp_client.ports_in_memory import VirtualClock

STORY = (
    ("MOTHER", "Accepted", "FAMILY"),
    ("SON", "Accepted", "FAMILY"),
    ("LOST", "Blocked", None),
    ("SON", "Invalid", None),
    ("SON", "Invalid", None),
    ("GUEST", "Accepted", None),
    ("NEXT", "Accepted", None),
    ("LOST", "Accepted", None),
    (None, "", None),
    ("MOTHER", "Accepted", "FAMILY"),
)
"""(tag, status, parentIdTag) that the server says of it; no tag: ClearCache."""
TAGS = ("MOTHER", "SON", "LOST", "GUEST", "NEXT")


def started(flash):
    journal = prepare(Journal(flash))
    return Cache(journal, VirtualClock(), Configuration(OCPP_KEYS, journal))


def known(cache):
    """What is known of each card."""
    return {tag: cache.judge(tag) for tag in TAGS}


def tell(cache, tag, status, group):
    if tag:
        cache.learn(tag, {"status": status, "parentIdTag": group})
    else:
        assert cache.clear({}) == {"status": "Accepted"}


def played():
    """The writes of the whole story, each with the number of the step it belongs to, and what is known after
    each step."""
    flash = Flash(None, 8, 512)
    cache = started(flash)
    writes, states = [], [known(cache)]
    for step, words in enumerate(STORY):
        flash.observer = lambda operation, *args, step=step: writes.append((step, operation, args))
        tell(cache, *words)
        flash.observer = None
        states.append(known(cache))
    return writes, states


def cut_short(whole, at):
    """The flash after the story is cut in the write after so many whole ones, at this byte."""
    flash = Flash(None, 8, 512)
    cache = started(flash)
    left = [whole]

    def observe(operation, *args):
        left[0] -= 1
        if left[0] < 0:
            flash.observer = None
            half_done(flash, operation, args, at)
            raise PowerCut

    flash.observer = observe
    try:
        for words in STORY:
            tell(cache, *words)
    except PowerCut:
        pass
    return flash


def test_behaviour_19_no_cut_loses_or_invents_a_card():
    writes, states = played()
    assert [step for step, _, _ in writes] == [0, 1, 2, 3, 5, 6, 7, 8, 8, 9], (
        "what is known already costs nothing"
    )
    for whole, (step, operation, args) in enumerate(writes):
        for at in cuts(operation, args):
            found = known(started(cut_short(whole, at)))
            for tag in TAGS:
                assert found[tag] in (states[step][tag], states[step + 1][tag]), (step, at, tag)
