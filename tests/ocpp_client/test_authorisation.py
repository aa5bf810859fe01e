"""Each question for a card gets exactly one answer."""

import pytest

from tests.ocpp_client.backend import SILENCE, Refusal, booted


@pytest.mark.parametrize("answer", [Refusal(), {"idTagInfo": {"status": "Perhaps"}}, {}])
def test_an_authorisation_that_fails_is_nobodys_word(answer):
    world = booted()
    world.backend.answers["Authorize"] = answer
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    world.settle()
    assert answers == [None]


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
