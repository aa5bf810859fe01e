"""Payloads held against tables: each kind of field takes its own and refuses the rest with the right code."""

import pytest

from ocpp_client.rpc import CallFailed
from ocpp_client.schema import Field, check

FIELDS = (
    Field("text", "text", 3, False),
    Field("printable", "printable", 3, False),
    Field("integer", "integer", (0, 9), False),
    Field("number", "number", None, False),
    Field("choice", "choice", ("a", "b"), False),
    Field("object", "object", (Field("inner", "integer"),), False),
    Field("items", "items", ("integer", None, 2), False),
)
TYPE, PROPERTY, FORMATION = "TypeConstraintViolation", "PropertyConstraintViolation", "FormationViolation"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"text": "né", "printable": "a~ ", "integer": 9, "number": 1.5},
        {"number": 1, "choice": "b", "object": {"inner": 7}, "items": [1, 2]},
        {"text": None, "object": None},
    ],
)
def test_what_fits_passes(payload):
    check(payload, FIELDS)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"text": 1}, TYPE),
        ({"text": "long"}, TYPE),
        ({"printable": "né"}, PROPERTY),
        ({"integer": "1"}, TYPE),
        ({"integer": True}, TYPE),
        ({"integer": 1.0}, TYPE),
        ({"integer": 10}, PROPERTY),
        ({"number": "1"}, TYPE),
        ({"number": False}, TYPE),
        ({"choice": 1}, TYPE),
        ({"choice": "c"}, PROPERTY),
        ({"object": []}, TYPE),
        ({"object": {}}, FORMATION),
        ({"object": {"inner": None}}, FORMATION),
        ({"object": {"inner": 7, "outer": 1}}, FORMATION),
        ({"items": {}}, TYPE),
        ({"items": ["1"]}, TYPE),
        ({"items": [None]}, TYPE),
        ({"items": [1, 2, 3]}, "OccurenceConstraintViolation"),
        ({"stranger": 1}, FORMATION),
    ],
)
def test_what_does_not_fit_has_its_code(payload, code):
    with pytest.raises(CallFailed) as caught:
        check(payload, FIELDS)
    assert caught.value.code == code


def test_strangers_pass_where_it_is_not_strict():
    check({"stranger": 1, "object": {"inner": 7, "outer": 1}}, FIELDS, strict=False)
