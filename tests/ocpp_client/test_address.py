"""Where the backend is: what a URL says, and what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpp_client.address import Address, is_host, quote, unquote


@pytest.mark.parametrize(
    ("url", "identity", "told"),
    [
        ("ws://host/ocpp/CP1", None, ("host", 80, "/ocpp/CP1", "CP1")),
        ("ws://host:9000/ocpp/", "CP 1", ("host", 9000, "/ocpp/CP%201", "CP 1")),
        ("ws://host:9000", "CP1", ("host", 9000, "/CP1", "CP1")),
        ("ws://[::1]:9000/a", "b", ("::1", 9000, "/a/b", "b")),
        ("ws://[::1]/a%2Fb", None, ("::1", 80, "/a%2Fb", "a/b")),
        ("ws://a_b.example./CP1", None, ("a_b.example.", 80, "/CP1", "CP1")),
        ("ws://" + "a" * 63 + ".b/CP1", None, ("a" * 63 + ".b", 80, "/CP1", "CP1")),
    ],
)
def test_a_url_is_taken_apart(url, identity, told):
    address = Address(url, identity)
    assert (address.host, address.port, address.path, address.identity) == told


@pytest.mark.parametrize(
    ("url", "secure", "told"),
    [
        ("ws://host/CP1", False, (False, 80, "ws://host/CP1")),
        ("wss://host/CP1", False, (True, 443, "wss://host/CP1")),
        ("wss://host:80/CP1", True, (True, 80, "wss://host:80/CP1")),
        # Security profile 2 counts, whatever the address was before it.
        ("ws://host/CP1", True, (True, 443, "wss://host/CP1")),
        ("ws://host:9000/CP1", True, (True, 9000, "wss://host:9000/CP1")),
    ],
)
def test_tls_is_spoken_where_the_address_or_the_profile_says_so(url, secure, told):
    address = Address(url, secure=secure)
    assert (address.secure, address.port, address.url) == told


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://host/CP1", "use ws://"),
        ("host:9000/CP1", "use ws://"),
        ("ws", "use ws://"),
        ("WSS://host/CP1", "wss://HOST:PORT/PATH"),
        ("ws:///CP1", "use ws://"),
        ("ws://host/a\r\nX: y", "use ws://"),
        ("ws://host:0/CP1", "port"),
        ("ws://host:70000/CP1", "port"),
        ("ws://host:x/CP1", "port"),
        ("ws://host/", "names no charger"),
        ("ws://host/%zz", "names no charger"),
        ("ws://user:secret@host/CP1", "carries a user or a password"),
        ("ws://host/x?k=v", "has a query"),
        ("ws://host/x#b", "has a query"),
        ("ws://[::1/CP1", "is no name and no address"),
        ("ws://h:80:80/CP1", "is no name and no address"),
        ("ws://a..b/CP1", "is no name and no address"),
        ("ws://.b/CP1", "is no name and no address"),
        ("ws://./CP1", "is no name and no address"),
        ("ws://" + "a" * 64 + ".b/CP1", "is no name and no address"),
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


def test_a_host_has_a_name_or_an_address():
    assert all(is_host(text) for text in ("", "pool.ntp.org", "192.0.2.1", "2001:db8::1", "A-1.b", "a.b."))
    assert not any(is_host(text) for text in ("a b", "a/b", "http://a", "é", "a\n", "a..b", ".", "a" * 64))
