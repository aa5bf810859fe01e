"""What all tests share: the runtimes as fixtures, and how much hypothesis tries."""

import functools
import os
from pathlib import Path

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from tests import runtimes

# On shared cores a deadline means nothing; with examples drawn from the test itself a failure comes again.
hypothesis.settings.register_profile("default", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=2000, database=None, print_blob=True)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "micropython: runs on MicroPython; set for every test that uses a runtime"
    )
    set_hypothesis_home_dir(runtimes.ROOT / "build/hypothesis")
    hypothesis.settings.load_profile("soak" if os.environ.get("MODE3_SOAK") else "default")


def pytest_collection_modifyitems(items):
    for item in items:
        if {"micropython", "webassembly"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.micropython)


@pytest.fixture(scope="session")
def soak() -> bool:
    """Whether this is `make soak`: larger counts, longer runs."""
    return bool(os.environ.get("MODE3_SOAK"))


@pytest.fixture(scope="session", params=["micropython", "micropython-i386"])
def micropython(request) -> Path:
    """The unix port of MicroPython, with 64-bit and then with 32-bit objects, for `tests.runtimes.run`."""
    return runtimes.find(request.param)


@pytest.fixture(scope="session")
def webassembly():
    """`tests.runtimes.run` on the 32-bit WebAssembly build: `webassembly(script, *args, options=())`."""
    return functools.partial(runtimes.run, runtimes.find("micropython-webassembly"))
