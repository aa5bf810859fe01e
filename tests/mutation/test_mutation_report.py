"""The verdict over mutants: each survivor has a reason, and each reason its survivor."""

import json
import tomllib
from collections import Counter

import pytest

from tests.mutation import __main__ as mutation
from tests.mutation import order
from tests.mutation.mutants import Mutant, found

SOURCE = '''
def x_limit__mutmut_orig(a, b=1):
    """What it does."""
    return a + b

def x_limit__mutmut_1(a, b=2):
    """What it does."""
    return a + b

class Row:
    def xǁRowǁfull__mutmut_orig(self):
        return self.count >= 3
    def xǁRowǁfull__mutmut_1(self):
        return self.count > 3
'''
LIMIT = "duty.limit: def (a, b=1): -> def (a, b=2):"
FULL = "duty.Row.full: return self.count >= 3 -> return self.count > 3"


def meta(**exit_codes):
    return json.dumps({"exit_code_by_key": {f"control.duty.{key}": code for key, code in exit_codes.items()}})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "duty.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "duty.py.meta").write_text(
        meta(x_limit__mutmut_1=1, xǁRowǁfull__mutmut_1=0), encoding="utf-8"
    )
    return tmp_path


def test_a_mutant_is_known_by_its_place_and_its_change(folder):
    assert [(mutant.name, mutant.is_killed) for mutant in found(folder)] == [(LIMIT, True), (FULL, False)]
    assert list(found(folder, ("pilot",))) == []


def mutants(killed, survived):
    return [Mutant("duty", "f", "killed", "")] * killed + [
        Mutant("duty", "f", "survived", "a -> b")
    ] * survived


@pytest.mark.parametrize(
    ("listed", "count"),
    [({"duty.f: a -> b": 2}, 0), ({"duty.f: a -> b": 1}, 1), ({"duty.f: a -> b": 3}, 1), ({}, 1)],
)
def test_each_survivor_has_a_reason_and_each_reason_its_survivors(listed, count):
    assert len(list(mutation.judge(mutants(98, 2), Counter(listed)))) == count


def test_ninety_percent_are_the_least():
    assert not list(mutation.judge(mutants(9, 1), Counter({"duty.f: a -> b": 1})))
    (complaint,) = mutation.judge(mutants(8, 1), Counter({"duty.f: a -> b": 1}))
    assert "88.9 %" in complaint


def test_the_score_is_told_by_module():
    assert mutation.table(mutants(9, 1)).split("\n")[-1].split() == [
        "all",
        "9",
        "of",
        "10",
        "killed",
        "90.0",
        "%",
    ]


def test_every_survivor_that_is_listed_has_a_reason():
    groups = tomllib.loads(mutation.LIST.read_text(encoding="utf-8"))["survivors"]
    assert all(group["reason"] and group["mutants"] for group in groups)
    assert mutation.explained([]).total() == sum(len(group["mutants"]) for group in groups)


def test_an_unknown_module_is_named(capsys):
    assert mutation.main(["dance"]) == 2
    assert "no module dance" in capsys.readouterr().err


def test_the_stories_that_are_left_out_exist():
    texts = [path.read_text(encoding="utf-8") for path in (mutation.ROOT / "tests/control").glob("test_*.py")]
    assert [name for name in order.LONG if not any(f"def {name}(" in text for text in texts)] == []
