"""Where the backend is: what a URL says, and what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpp_client.address import Address, quote, unquote


@pytest.mark.parametrize(
    ("url", "identity", "told"),
    [
        ("ws://host/ocpp/CP1", None, ("host", 80, "/ocpp/CP1", "CP1")),
        ("ws://host:9000/ocpp/", "CP 1", ("host", 9000, "/ocpp/CP%201", "CP 1")),
        ("ws://host:9000", "CP1", ("host", 9000, "/CP1", "CP1")),
        ("ws://[::1]:9000/a", "b", ("::1", 9000, "/a/b", "b")),
        ("ws://[::1]/a%2Fb", None, ("::1", 80, "/a%2Fb", "a/b")),
    ],
)
def test_a_url_is_taken_apart(url, identity, told):
    address = Address(url, identity)
    assert (address.host, address.port, address.path, address.identity) == told


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("wss://host/CP1", "needs TLS"),
        ("http://host/CP1", "use ws://"),
        ("host:9000/CP1", "use ws://"),
        ("ws:///CP1", "use ws://"),
        ("ws://host/a\r\nX: y", "use ws://"),
        ("ws://host:0/CP1", "port"),
        ("ws://host:70000/CP1", "port"),
        ("ws://host:x/CP1", "port"),
        ("ws://host/", "names no charger"),
        ("ws://user:secret@host/CP1", "carries a user or a password"),
        ("ws://host/x?k=v", "has a query"),
        ("ws://host/x#b", "has a query"),
        ("ws://[::1/CP1", "is no name and no address"),
        ("ws://h:80:80/CP1", "is no name and no address"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_in_one_sentence(url, words):
    with pytest.raises(ValueError, match=words):
        Address(url)


@given(st.text(st.characters(codec="utf-8")))
def test_any_identity_is_one_segment_of_a_path(identity):
    assert "/" not in quote(identity)
    assert quote(identity).isascii()
    assert unquote(quote(identity)) == identity
