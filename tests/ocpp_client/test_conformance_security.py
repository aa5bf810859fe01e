"""Security profiles 0 to 2, as dialogues between a server and a charger with one connector or two: in
memory and in virtual time, over real sockets against the simulated charger, with TLS too, and on
MicroPython."""

import pytest

from tests.ocpp_client.conformance import security
from tests.ocpp_client.conformance.runs import dialogues, in_memory, on_micropython, over_sockets, over_tls

DIALOGUES = dialogues(security)
each_of_them = pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.__name__)
on_either_board = pytest.mark.parametrize("connectors", [1, 2])


@on_either_board
@each_of_them
def test_in_memory(dialogue, connectors):
    in_memory(dialogue, connectors)


@on_either_board
@each_of_them
def test_over_a_socket(dialogue, connectors):
    over_sockets(dialogue, connectors)


@on_either_board
def test_on_micropython(micropython, connectors):
    on_micropython(micropython, DIALOGUES, connectors)


@pytest.mark.parametrize("dialogue", security.WITH_PASSWORD, ids=lambda dialogue: dialogue.__name__)
def test_over_tls(dialogue, tmp_path):
    over_tls(dialogue, tmp_path)
