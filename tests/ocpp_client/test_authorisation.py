"""Each question for a card gets exactly one answer."""

import pytest

from tests.ocpp_client.backend import SILENCE, Refusal, booted


def asked(answer):
    """What becomes of a card to which the server answers so; it was accepted once."""
    world = booted()
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    world.settle()
    assert answers.pop() == {"status": "Accepted"}
    world.backend.answers["Authorize"] = answer
    world.client.authorise("CARD1", answers.append)
    world.settle()
    (info,) = answers
    return world, info


@pytest.mark.parametrize("code", ["InternalError", "NotImplemented", "NotSupported"])
def test_behaviour_18_a_server_that_says_that_it_cannot_tell_is_as_good_as_none(code):
    world, info = asked(Refusal(code))
    assert info is None
    assert world.client.cache.judge("CARD1") == ("Accepted", "")


@pytest.mark.parametrize(
    "answer",
    [*map(Refusal, ("SecurityError", "GenericError", "ProtocolError", "Whatever")), {}, {"idTagInfo": None}],
)
def test_behaviour_18_a_server_that_was_reached_and_has_not_accepted_a_card_has_refused_it(answer):
    world, info = asked(answer)
    assert info == {"status": "Invalid"}
    assert world.client.cache.judge("CARD1") == ("Accepted", ""), "it said nothing of this card"


@pytest.mark.parametrize(
    "info",
    [{"status": "NoCredit"}, {"status": "accepted"}, {"status": 5}, {"status": []}, {}, "Accepted", [], 5],
)
def test_behaviour_18_a_word_on_a_card_that_nobody_knows_refuses_it(info):
    world, told = asked({"idTagInfo": info})
    assert told == {"status": "Invalid"}
    assert world.client.cache.judge("CARD1") == ("Invalid", "")


@pytest.mark.parametrize("answer", [{"idTagInfo": {"status": "Blocked"}}, Refusal("SecurityError")])
def test_behaviour_18_a_server_that_has_forgotten_the_charger_is_asked_again_once_it_knows_it(answer):
    """It was reached, and what it says of the card is heard before anybody starts without it."""
    world = booted()
    world.cut()
    world.run(60)
    backend = world.backend

    def register(payload):
        backend.answers["Authorize"] = answer
        return backend.boot("Accepted")

    backend.answers.update(Authorize=Refusal("SecurityError"), BootNotification=register)
    answers: list = []
    world.client.authorise("STRANGER", answers.append)
    world.run(5)
    assert [info["status"] for info in answers] == ["Blocked" if isinstance(answer, dict) else "Invalid"]
    sent = [frame.action for frame in backend.out()]
    assert sent[sent.index("Authorize") :][:3] == ["Authorize", "BootNotification", "Authorize"]


def test_a_question_waits_no_longer_than_ever_for_a_registration():
    world = booted()
    world.cut()
    world.run(60)
    world.backend.answers.update(Authorize=Refusal("SecurityError"), BootNotification=SILENCE)
    answers: list = []
    world.client.authorise("STRANGER", answers.append)
    world.run(29)
    assert answers == []
    world.run(11)
    assert answers == [None], "nobody knows the charger: it is as good as offline"


def test_questions_are_settled_when_the_link_goes():
    world = booted()
    world.backend.answers["Authorize"] = SILENCE
    answers: list = []
    for card in range(6):
        world.client.authorise(f"CARD{card}", answers.append)
    assert answers == [None, None]
    world.settle()
    world.client.authorise("CARD7", answers.append)
    world.cut()
    assert answers == [None] * 7


def test_a_question_that_finds_no_turn_is_settled_in_time():
    world = booted()
    world.backend.answers["Authorize"] = SILENCE
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    world.run(20)
    world.client.authorise("CARD2", answers.append)
    world.run(10)
    assert answers == [None]
    world.client.authorise("CARD3", answers.append)
    world.run(30)
    assert answers == [None, None, None]
