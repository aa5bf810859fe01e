"""Payloads held against tables: each kind of field takes its own and refuses the rest with the right code."""

import pytest

from ocpp_client.messages import ANSWERS, OBJECTS, REQUESTS
from ocpp_client.rpc import CallFailed
from ocpp_client.schema import check

FIELDS = (
    "text?:text:3 printable?:printable:3 integer?:integer id?:id number?:number choice?:choice:a|b "
    "object?:object:Inner items?:items:2:integer objects?:items:2:object:Inner"
)
TYPE, PROPERTY, FORMATION = "TypeConstraintViolation", "PropertyConstraintViolation", "FormationViolation"


@pytest.fixture(autouse=True)
def inner(monkeypatch):
    monkeypatch.setitem(OBJECTS, "Inner", "inner:integer")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"text": "né", "printable": "a~ ", "integer": 9, "id": -(2**63), "number": 1.5},
        {"number": 1, "choice": "b", "object": {"inner": 7}, "items": [1, 2]},
        {"id": 2**63 - 1, "objects": [{"inner": 1}, {"inner": 2}]},
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
        ({"integer": 1.5}, TYPE),
        ({"integer": 2.0**24}, TYPE),
        ({"integer": float("nan")}, TYPE),
        ({"id": float("-inf")}, TYPE),
        ({"id": True}, TYPE),
        ({"id": 2**63}, PROPERTY),
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
        ({"objects": [{"inner": 1}, 2]}, TYPE),
        ({"objects": [{"inner": "1"}]}, TYPE),
        ({"objects": [{}] * 3}, "OccurenceConstraintViolation"),
        ({"stranger": 1}, FORMATION),
    ],
)
def test_what_does_not_fit_has_its_code(payload, code):
    with pytest.raises(CallFailed) as caught:
        check(payload, FIELDS)
    assert caught.value.code == code


def test_a_whole_number_written_with_a_point_is_one_as_far_as_a_board_is_exact():
    payload = {"integer": 5.0, "id": -16777215.0, "number": 5.0}
    check(payload, FIELDS)
    assert [type(payload[name]) for name in ("integer", "id", "number")] == [int, int, float]
    assert payload["id"] == -16777215


def test_a_slip_in_what_may_be_absent_costs_no_answer_where_it_is_not_strict():
    payload = {"transactionId": 5, "idTagInfo": {"status": "Expired", "parentIdTag": "P" * 30}}
    check(payload, ANSWERS["StartTransaction"], strict=False)
    assert payload["idTagInfo"] == {"status": "Expired", "parentIdTag": None}
    with pytest.raises(CallFailed):
        check({"transactionId": "5"}, ANSWERS["StartTransaction"], strict=False)


def test_strangers_pass_where_it_is_not_strict():
    check({"stranger": 1, "object": {"inner": 7, "outer": 1}}, FIELDS, strict=False)


def fitting(fields):
    """A payload with every field, each as large as it may be."""
    return {field.split(":")[0].rstrip("?"): value_of(field.partition(":")[2]) for field in fields.split()}


def value_of(rule):
    kind, _, limit = rule.partition(":")
    if kind == "items":
        most, _, of = limit.partition(":")
        return [value_of(of)] * int(most)
    if kind == "choice":
        return limit.split("|")[-1]
    if kind == "object":
        return fitting(OBJECTS[limit])
    return "x" * int(limit) if limit else 7


@pytest.mark.parametrize("fields", [*REQUESTS.values(), *ANSWERS.values(), *OBJECTS.values()])
def test_every_message_has_something_that_fits(fields):
    check(fitting(fields), fields)
    for field in fields.split():
        if field.endswith(":any"):
            continue
        with pytest.raises(CallFailed):
            check({**fitting(fields), field.split(":")[0].rstrip("?"): ...}, fields)
