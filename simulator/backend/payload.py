"""Fields of a charger's messages that a schema alone does not judge; OCPPError where they mean nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ocpp.exceptions import PropertyConstraintViolationError

from simulator.backend.clock import from_text
from simulator.backend.store import Sample

LARGEST = 2**31 - 1
"""What the store keeps of any integer; 2 TWh of meter, for example."""


def samples(meter_values: list[dict[str, Any]]) -> Iterator[Sample]:
    """The sampled values of MeterValues or of transactionData."""
    for meter_value in meter_values:
        measured_at = moment(meter_value["timestamp"])
        for sampled in meter_value["sampled_value"]:
            told = {name: value for name, value in sampled.items() if name != "format"}
            if not told.get("measurand", "Energy").startswith("Energy"):
                told.setdefault("unit", "")
            yield Sample(measured_at, **told)


def moment(text: str) -> datetime:
    """The moment of a dateTime field."""
    try:
        return from_text(text)
    except ValueError as error:
        raise PropertyConstraintViolationError(details={"cause": str(error)}) from error


def within(name: str, value: int, least: int = -LARGEST) -> int:
    """An integer that is in range."""
    if not least <= value <= LARGEST:
        raise PropertyConstraintViolationError(details={"cause": f"{name} must be {least} to {LARGEST}"})
    return value
