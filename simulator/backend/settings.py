"""What an operator may set for the whole backend."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Times are seconds; the defaults suit a bench where nobody wants to prepare anything."""

    heartbeat_interval_s: int = 300
    """`interval` of an accepted BootNotification: the charger's heartbeat."""
    retry_interval_s: int = 30
    """`interval` of a BootNotification that was answered Pending or Rejected."""
    register_as: str = "Accepted"
    """Registration of a charger that connects for the first time: Accepted, Pending or Rejected."""
    accept_unknown_chargers: bool = True
    """False: only chargers that were added may connect, others get HTTP 404 (OCPP-J 1.6, 3.2)."""
    accept_unknown_cards: bool = False
    """True: an idTag that is no card is Accepted, where it would be Invalid."""
    answer_timeout_s: float = 30
    """How long a command waits for its answer, and a frame for being taken."""
    ping_interval_s: float | None = 60
    """Silence after which the charger is pinged; as long again without a sign of life ends the connection."""
