"""Measures in a process of its own: nothing that one module leaves behind may colour the next."""

import importlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def measure(name):
    """What `tests.bench.NAME.measure()` returns; its exception where it raises."""
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        return processes.submit(figures, name).result()


def figures(name):
    """In the other process."""
    return importlib.import_module(f"tests.bench.{name}").measure()
