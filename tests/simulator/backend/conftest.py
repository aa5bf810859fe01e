"""Fixtures of the backend's tests."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest


@pytest.fixture(params=["tcp", "memory"])
def way(request: pytest.FixtureRequest) -> str:
    """Both ways in: a TCP port, and a byte stream."""
    return str(request.param)


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Runs one coroutine to its end, within bounds."""

    def bounded(story: Coroutine[Any, Any, None]) -> None:
        asyncio.run(asyncio.wait_for(story, 30))

    return bounded
