"""A guide to each error: whole, plain, and in memory only while it is read."""

import re
import sys

import pytest

from control import faults
from firmware import guide
from tests import runtimes

GUIDES = runtimes.ROOT / "firmware/guides"
CODES = sorted({row.name for row in faults.ROWS})
SERVICE = sorted({row.name for row in faults.ROWS if row.bit & faults.SERVICE})


def test_each_error_has_its_file_and_no_file_is_left_over():
    files = {path.stem for path in GUIDES.glob("*.py")} - {"__init__"}
    assert files == {code.lower() for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_a_paragraph_of_plain_sentences(code):
    told = guide.load(code)
    for part in (told.cause, told.owner, told.technician):
        assert re.fullmatch(r"[A-Z][ -~]*\.", part), "printable ASCII, for every console and page"
        assert "  " not in part
        assert 40 <= len(part) <= 500
    assert told.paragraph() == f"{told.cause} {told.owner} {told.technician}"
    assert "technician may" in told.technician


@pytest.mark.parametrize("code", CODES)
def test_the_words_are_for_people(code):
    words = set(re.findall(r"[a-z]+", guide.load(code).paragraph().lower()))
    assert not words & {"color", "center", "license", "firmware's", "todo", "mv", "ma"}
    assert not words & {"bypass", "override", "screwdriver"}


@pytest.mark.parametrize("code", SERVICE)
def test_what_only_a_technician_ends_says_so(code):
    told = guide.load(code)
    assert "technician" in told.owner
    assert re.search("clear this error|clear this", told.technician)


def test_only_a_welded_contactor_is_called_a_danger():
    assert [code for code in CODES if "DANGER" in guide.load(code).paragraph()] == ["RELAY_WELDED"]
    welded = guide.load("RELAY_WELDED")
    assert welded.cause.startswith("DANGER")
    first_off, then_unplug = (
        welded.owner.index("Switch the charger's supply off"),
        welded.owner.index("unplug"),
    )
    assert first_off < then_unplug


@pytest.mark.parametrize("code", ["", "RCD", "UNKNOWN", "__init__", "../guide", "os"])
def test_what_is_no_error_has_no_guide(code):
    with pytest.raises(ValueError, match=r"no error is called '.*'; there are: CP_DIODE, .*, UNDER_VOLTAGE$"):
        guide.load(code)


def test_capitals_do_not_matter():
    assert guide.load("rcd_Trip").paragraph() == guide.load("RCD_TRIP").paragraph()


def test_nothing_of_it_stays_in_memory():
    for code in CODES:
        guide.load(code)
    assert [name for name in sys.modules if name.startswith("firmware.guides.")] == []
    assert not set(vars(sys.modules["firmware.guides"])) & {code.lower() for code in CODES}


def test_reading_all_of_them_costs_no_heap_on_micropython(micropython):
    script = runtimes.ROOT / "tests/firmware/on_micropython/guides_read.py"
    done = runtimes.run(micropython, script)
    assert (done.returncode, done.stderr) == (0, "")
    read, characters, kept = map(int, done.stdout.split())
    assert read == len(CODES)
    assert characters == sum(len(guide.load(code).paragraph()) for code in CODES)
    assert kept <= 64, "bytes that stay when all have been read a second time"
