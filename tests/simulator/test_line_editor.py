"""A line that is typed: what each key does to it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.terminal.line_editor import MOST_CHARACTERS, LineEditor

LEFT, RIGHT, UP, DOWN, DELETE = b"\x1b[D", b"\x1b[C", b"\x1b[A", b"\x1b[B", b"\x1b[3~"


def typed(*keys):
    """The editor after these keys, and the lines that they finished."""
    editor = LineEditor()
    lines = [line for key in keys for line in editor.feed(key)]
    return editor, lines


def test_enter_finishes_a_line_and_begins_an_empty_one():
    editor, lines = typed(b"plug", b"\r", b"swipe CARD-1\n\nge")
    assert lines == ["plug", "swipe CARD-1", ""]
    assert (editor.text, editor.cursor) == ("ge", 2)


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        ((b"swpe", LEFT, LEFT, b"i"), "swipe", 3),
        ((b"plugg", b"\x7f"), "plug", 4),
        ((b"xplug", b"\x01", DELETE), "plug", 0),
        ((b"xplug", b"\x1b[H", b"\x04"), "plug", 0),
        ((b"plug", b"\x1bOH", b"\x1b[F", b" x"), "plug x", 6),
        ((b"plug max_a=16", b"\x17"), "plug ", 5),
        ((b"one two", LEFT, LEFT, LEFT, b"\x15"), "two", 0),
        ((b"one two", LEFT, LEFT, LEFT, b"\x0b"), "one ", 4),
        ((b"ab", RIGHT, LEFT, LEFT, LEFT, b"c"), "cab", 1),
        ((b"\x7f", DELETE, b"\x17"), "", 0),
    ],
)
def test_keys_move_and_cut(keys, text, cursor):
    editor, lines = typed(*keys)
    assert (editor.text, editor.cursor, lines) == (text, cursor, [])


def test_history_is_walked_up_and_down():
    editor, _ = typed(b"plug\r", b"get\r", b"get\r", b"half")
    shown = []
    for key in (UP, UP, UP, DOWN, DOWN, DOWN):
        editor.feed(key)
        shown.append(editor.text)
    assert shown == ["get", "plug", "plug", "get", "", ""]


def test_a_sequence_may_come_in_pieces_and_a_character_too():
    editor, _ = typed(b"ab", b"\x1b", b"[", b"D", "é".encode()[:1], "é".encode()[1:])
    assert (editor.text, editor.cursor) == ("aéb", 2)


def test_what_cannot_be_shown_in_one_column_is_not_taken():
    editor, _ = typed(b"a\x00\x07\x1b[200~\x1bq", "漢b".encode(), b"\xff")
    assert editor.text == "ab\N{REPLACEMENT CHARACTER}"


def test_ctrl_d_ends_an_empty_line_alone():
    assert typed(b"\x04")[0].ended
    assert not typed(b"a", b"\x04")[0].ended


def test_a_line_has_an_end():
    editor, _ = typed(b"x" * (MOST_CHARACTERS + 50))
    assert len(editor.text) == MOST_CHARACTERS


def test_the_tabulator_ends_words():
    known = {
        "pl": ["plug"],
        "plug m": ["max_a=", "min_a="],
        "plug ma": ["max_a="],
        "p": ["plug", "power", "press"],
    }
    editor = LineEditor(lambda text: known.get(text, []))
    editor.feed(b"p\t")
    assert editor.text == "p"
    editor.feed(b"l\t")
    assert editor.text == "plug "
    editor.feed(b"m\ta\t16")
    assert editor.text == "plug max_a=16"
    editor.feed(b" zz\t")
    assert editor.text == "plug max_a=16 zz"


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=6), st.sampled_from([LEFT, RIGHT, UP, DOWN, DELETE, b"\r", b"\t", b"\x17"])
        )
    ),
    st.integers(1, 30),
)
def test_whatever_comes_the_cursor_stays_in_the_line_and_in_view(keys, columns):
    editor = LineEditor(lambda text: ["plug", "power"])
    for key in keys:
        editor.feed(key)
        assert 0 <= editor.cursor <= len(editor.text)
        assert editor.text.isprintable()
        shown, cursor = editor.view(columns)
        assert len(shown) <= columns
        assert 0 <= cursor < columns
        assert shown in editor.text


@given(st.text(string.ascii_letters + string.digits + " =-_.", max_size=60))
def test_plain_text_is_taken_as_it_is(text):
    assert typed(text.encode(), b"\r")[1] == [text]
