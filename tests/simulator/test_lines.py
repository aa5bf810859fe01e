"""Lines on a screen: the same words as without colours, wrapped under themselves."""

from simulator.terminal import lines, present

STATUS = {
    "t_ms": 5100,
    "source": "charger",
    "event": "status",
    "connector": 1,
    "status": "Charging",
    "error": "",
}
SAMPLES = [
    {"measurand": "Power.Active.Import", "value": "21456", "unit": "W"},
    *[
        {"measurand": "Current.Import", "value": "31.95", "unit": "A", "phase": phase}
        for phase in ("L1", "L2", "L3")
    ],
    *[
        {"measurand": "Voltage", "value": "229.6", "unit": "V", "phase": phase}
        for phase in ("L1-N", "L2-N", "L3-N")
    ],
]
METER_VALUES = {
    "t_ms": 65_000,
    "direction": "out",
    "frame": [2, "1", "MeterValues", {"connectorId": 1, "meterValue": [{"sampledValue": SAMPLES}]}],
}
EVERYDAY = {"t_ms": 5000, "source": "charger", "event": "level", "connector": 1, "from": "A", "to": "B"}


def styles(text):
    return {str(span.style) for span in text.spans} - {""}


def test_a_line_has_the_words_of_present_and_a_colour():
    text = lines.line(STATUS, 80)
    assert text.plain == present.line(STATUS)
    assert styles(text) == {"dim", lines.STYLES["status"]}
    assert text.plain[lines.MOMENT :].startswith("connector 1")
    assert text.plain[lines.TEXT :] == "status Charging"


def test_a_fault_is_red_whoever_tells_it():
    fault = {**STATUS, "event": "fault", "name": "RCD_TRIP", "wording": "Residual current detected"}
    for entry in (fault, {**STATUS, "status": "Faulted", "error": "RCD_TRIP"}):
        assert lines.STYLES["fault"] in styles(lines.line(entry, 80))


def test_a_long_line_goes_on_under_itself():
    whole = present.line(METER_VALUES)
    shown = lines.line(METER_VALUES, 80).plain.split("\n")
    assert len(shown) > 1
    assert all(len(row) <= 80 for row in shown)
    assert all(row[: lines.TEXT] == " " * lines.TEXT for row in shown[1:])
    assert " ".join([shown[0], *[row.strip() for row in shown[1:]]]) == whole
    assert lines.line(METER_VALUES, 200).plain == whole
    assert lines.line(METER_VALUES, 40).plain == whole


def test_what_present_leaves_out_is_left_out():
    assert present.line(EVERYDAY) is None
    assert lines.line(EVERYDAY, 80) is None


def test_facts_stand_under_each_other():
    assert lines.facts([("A", "one"), ("Long name", "two")]).plain == "A          one\nLong name  two"
