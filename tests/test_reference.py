"""docs/configuration.md shows the tables that the charger goes by."""

import pytest

from firmware import settings
from ocpp_client import keys
from tests import reference


def test_the_page_is_that_of_the_tables():
    text = reference.PAGE.read_text(encoding="utf-8")
    assert reference.renewed(text) == text, "python -m tests.reference writes them anew"


def test_every_key_stands_in_the_page_once():
    named = [name for group in reference.GROUPS.values() for name in group]
    assert sorted(named) == sorted(settings.keys().names())


def test_a_change_of_the_table_changes_the_page():
    text = reference.PAGE.read_text(encoding="utf-8")
    assert reference.renewed(text.replace("| 0 to 86400 |", "| 0 to 99 |")) == text


def test_a_page_without_a_place_for_a_table_is_refused():
    text = reference.PAGE.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="no place for the table 'security'"):
        reference.renewed(text.replace("<!-- /security -->", ""))


def test_a_row_tells_all_that_there_is_to_a_key():
    loud = keys.Key("Volume", keys.TEXT, "low", 0, 4, keys.OWNED, ("low", "loud"), True)
    assert reference.row(loud, "How loud | it is.") == (
        "Volume",
        "text",
        "low, loud",
        "read; the owner writes",
        "yes",
        "`low`",
        "How loud | it is.",
    )
    assert reference.table(("a",), [("b | c",)]) == "| a |\n| --- |\n| b \\| c |"
