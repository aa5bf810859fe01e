"""What the bench says of its figures: the table, the bounds, the file, and the exit code."""

import json

import pytest

from tests.bench import __main__ as bench
from tests.bench import report

FIGURES = {
    "sim_speed": {"value": 1234, "unit": "s/s"},
    "mpy_bytes": {"value": 93473, "unit": "B"},
}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("sim_speed", 500, True),
        ("sim_speed", 499, False),
        ("reaction_c_to_b_ms", 50, True),
        ("reaction_c_to_b_ms", 60, False),
        ("reaction_rcd_ms", 20, True),
        ("reaction_rcd_ms", 21, False),
        ("reaction_cp_short_ms", 120, True),
        ("reaction_cp_short_ms", 121, False),
        ("reaction_diode_ms", 120, True),
        ("reaction_diode_ms", 121, False),
        ("tick_heap_bytes", 0, True),
        ("tick_heap_bytes", 1, False),
        ("tick_heap_states", 8, True),
        ("tick_heap_states", 7, False),
        ("tick_heap_transitions", 0, False),
        ("mpy_bytes", 10**9, True),
    ],
)
def test_a_bound_is_kept_or_missed(name, value, kept):
    assert report.holds(name, value) == kept


def test_the_table_tells_value_unit_bound_and_command():
    lines = report.table(FIGURES, {"sim_speed": "day", "mpy_bytes": "sizes"}).splitlines()
    assert " ".join(lines[1].split()) == "sim_speed 1 234 s/s >= 500 holds python -m tests.bench day"
    assert " ".join(lines[2].split()) == "mpy_bytes 93 473 B python -m tests.bench sizes"
    assert "MISSED" in report.table({"sim_speed": {"value": 3, "unit": "s/s"}}, {"sim_speed": "day"})


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """Figures by module, in place of measurements; a module that is taken out cannot be measured."""
    found = {"day": {"sim_speed": FIGURES["sim_speed"]}, "sizes": {"mpy_bytes": FIGURES["mpy_bytes"]}}

    def measure(name):
        if name not in found:
            raise RuntimeError(f"{name} is broken")
        return found[name]

    monkeypatch.setattr(bench.alone, "measure", measure)
    monkeypatch.setattr(report, "BOUNDS", {"sim_speed": (">=", 500)})
    monkeypatch.setattr(bench, "MODULES", tuple(found))
    monkeypatch.setattr(bench, "OUT", tmp_path / "new" / "bench.json")
    return found


def test_the_whole_run_is_written_as_it_is(measured):
    assert bench.main([]) == 0
    assert json.loads(bench.OUT.read_text()) == FIGURES


def test_part_of_it_is_only_told(measured, capsys):
    assert bench.main(["sizes"]) == 0
    assert "mpy_bytes" in capsys.readouterr().out
    assert not bench.OUT.exists()


def test_a_missed_bound_is_exit_code_1(measured):
    measured["day"] = {"sim_speed": {"value": 499, "unit": "s/s"}}
    assert bench.main([]) == 1


def test_what_cannot_be_measured_is_told_and_the_rest_is_measured(measured, capsys):
    del measured["day"]
    assert bench.main([]) == 1
    told = capsys.readouterr()
    assert "day could not be measured: RuntimeError: day is broken" in told.err
    assert "mpy_bytes" in told.out


def test_a_bound_without_a_figure_is_a_missed_one(measured, capsys):
    measured["day"] = {"speed": FIGURES["sim_speed"]}
    assert bench.main([]) == 1
    assert "sim_speed has a bound and was not measured" in capsys.readouterr().err


def test_a_name_that_does_not_exist_is_exit_code_2(capsys):
    assert bench.main(["nope"]) == 2
    assert capsys.readouterr().err.startswith("bench: nope is not measured here; choose from reaction, ")


def test_each_module_is_measured_in_a_process_of_its_own():
    sizes = bench.alone.measure("sizes")
    assert sizes["mpy_bytes"]["value"] == sum(
        figure["value"] for name, figure in sizes.items() if name != "mpy_bytes"
    )
