"""The mutants that mutmut made, as a reader knows them: where, what stood there, and what stands there."""

import ast
import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mutmut.stats import status_by_exit_code

KILLED = ("killed", "timeout", "segfault")


class Mutant(NamedTuple):
    module: str
    function: str
    """With its class: `Pilot.update`."""
    status: str
    """mutmut's word: "killed", "survived", "no tests" and rarer ones."""
    change: str
    """`before -> after`: the lines that differ."""

    @property
    def name(self) -> str:
        """What a list of survivors calls it; stays while neither function nor line changes."""
        return f"{self.module}.{self.function}: {self.change}"

    @property
    def is_killed(self) -> bool:
        return self.status in KILLED


def found(folder: Path, only: tuple[str, ...] = ()) -> Iterator[Mutant]:
    """The mutants of the modules in `folder` (all, or `only` those named), which mutmut keeps beside them."""
    for meta in sorted(folder.glob("*.py.meta")):
        module = meta.name.removesuffix(".py.meta")
        if only and module not in only:
            continue
        texts = _texts((folder / f"{module}.py").read_text(encoding="utf-8"))
        for key, exit_code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            mangled, _, number = key.rpartition(".")[2].rpartition("__mutmut_")
            before, after = texts[f"{mangled}__mutmut_orig"], texts[f"{mangled}__mutmut_{number}"]
            function = mangled.removeprefix("xǁ").replace("ǁ", ".").removeprefix("x_")
            yield Mutant(module, function, status_by_exit_code[exit_code], _change(before, after))


def _texts(source: str) -> dict[str, list[str]]:
    """The lines of every function that mutmut wrote, without its name."""
    lines = source.splitlines()
    return {
        node.name: [line.replace(node.name, "") for line in lines[node.lineno - 1 : node.end_lineno]]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name
    }


def _change(before: list[str], after: list[str]) -> str:
    lines = list(difflib.ndiff(before, after))
    gone = [line[2:].strip() for line in lines if line.startswith("- ")]
    come = [line[2:].strip() for line in lines if line.startswith("+ ")]
    return f"{' '.join(gone)} -> {' '.join(come)}"
