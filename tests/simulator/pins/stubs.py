"""The published stubs of the ports, as the wheels in build/stubs have them: names and signatures, no code."""

import ast
import os
import zipfile
from typing import Any

import pytest

from tests.runtimes import ROOT

FOLDER = ROOT / "build" / "stubs"


def module(family, name):
    """The syntax tree of a module's stub."""
    wheels = sorted(FOLDER.glob(f"micropython_{family}_stubs-*.whl"))
    if not wheels:
        verdict = pytest.fail if os.environ.get("CI") else pytest.skip
        verdict(f"NOT TESTED: build/stubs has no micropython-{family}-stubs: 'pip download' puts it there")
    with zipfile.ZipFile(wheels[-1]) as wheel:
        known = wheel.namelist()
        path = f"{name}.pyi" if f"{name}.pyi" in known else f"{name}/__init__.pyi"
        return ast.parse(wheel.read(path).decode())


def names(tree):
    """What a module or class of the stubs has: name to class, or to the signatures of a function."""
    found: dict = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found.setdefault(node.name, node)
        elif isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(node.args)
        elif isinstance(node, ast.AnnAssign):
            found[ast.unparse(node.target)] = None
    return found


def parameters(signatures):
    """(all names that any of the overloads takes, whether one takes anything)."""
    taken, anything = set(), False
    for arguments in signatures:
        taken |= {one.arg for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
        anything = anything or bool(arguments.vararg or arguments.kwarg)
    return taken, anything


def constant(tree: Any, name):
    """The value of a name that the stub tells, or None."""
    for node in tree.body:
        told = isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant)
        if told and ast.unparse(node.target) == name:
            return node.value.value
    return None
