"""What to do about an error stands where a person sees it: below the line that says Faulted."""

import json

import pytest

from control import faults
from firmware import guide
from simulator import __main__ as command_line
from simulator.terminal import advice
from tests.simulator.demos import BOUND_S, piped
from tests.simulator.person import play

LINE = {"t_ms": 5, "source": "charger", "event": "status", "connector": 1, "error": "RCD_TRIP", "reason": ""}


def run(capsys, *arguments):
    """What `python -m simulator run` prints of a scenario that holds."""
    assert command_line.main(["run", *arguments]) == 0
    return capsys.readouterr().out


def indented(vendor_code, columns=110):
    return advice.paragraph(vendor_code, columns) + "\n"


def test_only_what_stops_a_connector_is_explained():
    assert advice.error({**LINE, "status": "Faulted"}) == "RCD_TRIP"
    assert advice.error({**LINE, "status": "Charging", "error": "HIGH_TEMPERATURE"}) == ""
    assert advice.error({"t_ms": 5, "direction": "out", "frame": [2, "1", "Heartbeat", {}]}) == ""
    assert advice.error({"t_ms": 5, "source": "backend", "event": "status_changed", "error": "X"}) == ""


@pytest.mark.parametrize("columns", [20, 60, 80, 110, 200])
@pytest.mark.parametrize("code", [row.name for row in faults.ROWS])
def test_a_paragraph_fits_the_screen_and_says_all(code, columns):
    shown = advice.paragraph(code, columns)
    assert all(len(line) <= columns for line in shown.splitlines())
    assert " ".join(shown.split()) == guide.load(code).paragraph()


def test_a_scenario_explains_each_error_once_right_below_its_line(capsys):
    shown = run(capsys, "rcd_third_trip")
    for code, times in (("RCD_TRIP", 2), ("RCD_REPEATED", 2)):
        assert shown.count(f"status Faulted ({code})\n") >= times
        assert shown.count(indented(code)) == 1
        first = shown.index(f"status Faulted ({code})\n")
        assert shown[first:].partition("\n")[2].startswith(indented(code))


def test_where_nothing_fails_nothing_is_explained(capsys):
    assert "technician" not in run(capsys, "first_charge")


def test_json_has_no_paragraphs(capsys):
    shown = run(capsys, "rcd_trip", "--json")
    assert json.loads(shown)["ok"]
    assert "technician" not in shown


def test_the_demo_explains_an_error_as_it_comes():
    with piped() as process:
        output, errors = process.communicate(
            "wait Available 30\nfault rcd_trip\nwait Faulted 30\nquit\n", BOUND_S
        )
    assert (process.returncode, errors) == (0, "")
    assert f"connector 1  status Faulted (RCD_TRIP)\n{indented('RCD_TRIP')}" in output


def test_the_control_socket_tells_the_guide_too():
    async def story(person):
        answer = await person.gives({"do": "guide", "error": "meter_comm"})
        assert answer["guide"] == guide.load("METER_COMM").paragraph()
        await person.gives({"do": "power", "to": "off"})
        assert (await person.gives({"do": "guide", "error": "METER_COMM"}))["guide"] == answer["guide"]
        known = ", ".join(sorted({row.name for row in faults.ROWS}))
        refusal = await person.is_refused({"do": "guide", "error": "BROKEN"})
        assert refusal == f"no error is called 'BROKEN'; there are: {known}"

    play(story)
