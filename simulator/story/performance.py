"""One run of a scenario on a station: its steps in simulated time, watched all the while."""

import asyncio

from simulator.station import Station
from simulator.story import shapes, step_reader, summary
from simulator.story.judgement import moment
from simulator.story.rehearsal import Rehearsal
from simulator.story.shapes import Malformed

LATE_MS = 1
"""A step that comes later than this after its `at` came late."""


class Outcome:
    """What a run came to."""

    def __init__(self, station, seed, watch, failures):
        bench = station.bench
        self.sim_ms = station.kernel.now_ms()
        self.events = list(bench.events)
        self.frames = list(bench.frames)
        self.summary = {"board": bench.board.name, "seed": seed, **summary.of_station(station, watch)}
        self.failures = failures
        """A sentence each; none: the scenario holds."""


async def perform(scenario, kernel, seed, show=None):
    """Run a `Scenario` with this seed and return its `Outcome`; `show(entry)` gets each entry of the log.

    Malformed, before anything runs, when a step can never be done or a condition has no meaning.
    """
    station = Station(
        kernel,
        board=scenario.board,
        seed=seed,
        settings=scenario.settings,
        cards=scenario.cards,
        start_ms=scenario.clock_ms,
        sectors=scenario.sectors,
        **scenario.network,
    )
    try:
        steps = await step_reader.read(scenario.steps, station, Rehearsal(station.bench))
        never = shapes.part("expect", station.bench, scenario.expect.never)
    except Malformed:
        station.store.close()
        raise
    if show:
        station.bench.observe(show)
    return await _Performance(station, seed, never).run(steps, scenario)


class _Performance:
    """A station at work, with those who watch it."""

    def __init__(self, station, seed, never):
        self._station = station
        self._seed = seed
        self._kernel = station.kernel
        self._never = never
        self._watch = summary.Watch(station.bench.world)
        self._failures = []

    async def run(self, steps, scenario):
        self._kernel.set_exception_handler(self._failed_behind)
        for each in self._never:
            self._station.bench.observe(each.hear)
        async with self._station:
            looking = asyncio.create_task(self._look())
            for step in steps:
                await self._do(step)
            await self._until(scenario.ends_at)
            looking.cancel()
            outcome = Outcome(self._station, self._seed, self._watch, self._failures)
        self._judge(scenario.expect, outcome)
        return outcome

    async def _do(self, step):
        if step.after_s:
            await asyncio.sleep(step.after_s)
        if step.at_s is not None:
            late_ms = self._kernel.now_ms() - round(step.at_s * 1000)
            if late_ms >= LATE_MS:
                self._fail(step, f"was to come at {step.at_s:g} s, but the one before it took until now")
            await self._until(step.at_s)
        failure = await step.deed(self._station)
        if failure:
            self._fail(step, failure)

    async def _until(self, at_s):
        wait_s = at_s - self._kernel.time()
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    async def _look(self):
        while True:
            self._watch.look()
            for each in self._never:
                each.look(self._kernel.now_ms())
            await asyncio.sleep(summary.LOOK_S)

    def _fail(self, step, failure):
        self._failures.append(f"{step.title} at {moment(self._kernel.now_ms())} {failure}")

    def _failed_behind(self, _, context):
        """Nothing that breaks in the background goes unnoticed."""
        error = context.get("exception")
        reason = f"{context['message']}: {type(error).__name__}: {error}" if error else context["message"]
        self._failures.append(f"the background at {moment(self._kernel.now_ms())} broke: {reason}")

    def _judge(self, expect, outcome):
        self._failures += [each.failure for each in self._never if each.failure]
        self._failures += expect.failures(outcome.events, outcome.frames, outcome.summary)
        for entry in outcome.events:
            if entry["event"] == "task_failed":
                when = moment(entry["t_ms"])
                self._failures.append(f"task {entry['task']} failed at {when}: {entry['reason']}")
