"""What is known of single cars: read from a line, found by the idTag."""

import pytest

from firmware.vehicles import MOST, MOST_WAIT_S, look_up, parse


def test_what_is_known_of_cars():
    rows = parse(" 04A1B2C3 120s 1ph ; zoe-1 10S;")
    assert look_up(rows, "04a1b2c3") == (120000, 1)
    assert look_up(rows, "ZOE-1") == (10000, 0)
    assert look_up(rows, "04D4E5F6") == (60000, 0)
    assert parse("") == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("04A1B2C3", "it needs an idTag, a pause and perhaps phases"),
        ("04A1B2C3 10s 1ph fast", "it needs"),
        ("X" * 21 + " 10s", "an idTag has at most 20 characters"),
        ("04A1B2C3 10", "'10' is no pause from 10s to 600s"),
        ("04A1B2C3 -1s", "'-1s' is no pause"),
        ("04A1B2C3 %ds" % (MOST_WAIT_S + 1), "is no pause"),
        ("04A1B2C3 \u0661s", "is no pause"),
        ("04A1B2C3 10s 4ph", "it uses 1ph, 2ph or 3ph, not '4ph'"),
        ("04A1B2C3 10s 0ph", "not '0ph'"),
        ("04A1B2C3 10s ph", "not 'ph'"),
        ("zoe 20s", "its idTag stands there twice"),
    ],
)
def test_what_is_no_vehicle_is_told_in_one_sentence(text, reason):
    with pytest.raises(ValueError, match="cannot stand among the vehicles, because ") as refused:
        parse("ZOE 10s;" + text)
    assert str(refused.value).startswith(f"'{text}' ")
    assert reason in str(refused.value)
    assert str(refused.value).endswith(": write an entry such as 04A1B2C3 120s 1ph")


def test_there_is_room_for_so_many_cars():
    many = ";".join(f"CAR{number} 10s" for number in range(MOST))
    assert len(parse(many)) == MOST
    with pytest.raises(ValueError, match="there is room for 10 cars, not for 11: leave some out"):
        parse(many + "; ONEMORE 10s")
