"""The tasks of an event loop, in the same order each time: asyncio itself keeps them by their address."""

import asyncio


def in_order(loop):
    """The unfinished tasks of `loop`, by name."""
    return sorted(asyncio.all_tasks(loop), key=lambda task: (len(task.get_name()), task.get_name()))


def title(task):
    """The name of `task` and its coroutine, for people."""
    return f"{task.get_name()} ({getattr(task.get_coro(), '__qualname__', '?')})"


async def cancel_the_rest(loop):
    """What `asyncio.run` does at its end, but not in a set's order: farewells must be the same each run."""
    rest = [task for task in in_order(loop) if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    for task, outcome in zip(rest, await asyncio.gather(*rest, return_exceptions=True), strict=True):
        if isinstance(outcome, Exception):
            message = f"{title(task)} failed while it was cancelled"
            loop.call_exception_handler({"message": message, "exception": outcome, "task": task})
