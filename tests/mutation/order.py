"""A pytest plugin for the run of one mutant: quick to start, and first the tests that most likely notice."""

import os
import sys

ORIGINAL = "__mutmut_orig"


LONG = (
    "test_a_car_error_ends_three_times_a_plug_in_and_no_oftener",
    "test_a_car_that_mends_its_pilot_is_taken_up_again_three_times",
    "test_a_charge_of_more_than_a_day_is_followed_by_a_test",
    "test_a_contactor_that_does_not_close_is_tried_twice_more_a_minute_apart",
    "test_a_fault_that_stays_closes_nothing",
    "test_a_hot_device_derates_and_goes_on",
    "test_a_latched_diode_fault_survives_restarts_and_ends_on_unplug",
    "test_a_lost_sensor_that_comes_back_hot_is_no_reason_to_go_on",
    "test_an_overcurrent_ends_three_times_a_plug_in_and_no_oftener",
    "test_closings_and_cycles_go_on_over_a_restart",
    "test_the_diode_is_watched_throughout_and_latches_the_third_time",
)
"""Stories of many minutes, a third of the whole time: what survives without them must be told shorter."""


def pytest_collection_modifyitems(config, items):
    long = [item for item in items if item.originalname in LONG]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
    _prepare(items)


def _prepare(items):
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if "__mutmut_" not in mutant:
        return
    module, _, function = mutant.rpartition(".")
    unwrap(module, function)
    name = f"test_{module.rpartition('.')[2]}"
    # mutmut gives the quickest first, and sorting keeps that.
    items.sort(key=lambda item: not item.path.stem.startswith(name))


def unwrap(mutated, function):
    """Put the functions themselves in the place of mutmut's wrappers, which ask at every call which mutant is
    meant and make a tick three times as slow. This process tests one mutant and ends."""
    for module in [module for name, module in sys.modules.items() if name.startswith("control.")]:
        classes = [value for value in vars(module).values() if isinstance(value, type)]
        for holder in (module, *classes):
            for name, original in list(vars(holder).items()):
                if name.endswith(ORIGINAL):
                    mangled = name.removesuffix(ORIGINAL)
                    is_meant = original.__module__ == mutated and function.startswith(f"{mangled}__mutmut_")
                    plain = mangled.rpartition("ǁ")[2] if "ǁ" in mangled else mangled.removeprefix("x_")
                    setattr(holder, plain, vars(holder)[function] if is_meant else original)
