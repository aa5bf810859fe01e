"""What is remembered of a connector for its meter values."""

from ocpp_client.interruption import Interruption


class Outlet:
    """One connector, its transaction, and where the intervals of its energy began."""

    def __init__(self):
        self.tx = 0
        """The running transaction."""
        self.begun = 0
        """The last one that began in this boot."""
        self.ended = 0
        """The last one whose end values are written."""
        self.sampled_ms = 0
        """When its last sample was due."""
        self.sampled_wh = None
        """The register at its last sample."""
        self.aligned_wh = None
        """And at the last clock-aligned moment."""
        self.interruption = Interruption()
        self.keeper = None
        """A `transaction_data.Keeper`, where something is kept for its StopTransaction."""

    def follow(self, tx, now_ms):
        """Another transaction runs, or none."""
        self.tx = tx
        self.sampled_ms = now_ms
        self.interruption = Interruption()

    def sample(self, reading):
        """An interval between samples ends with this `reports.Reading`, which tells its energy."""
        reading.interval_wh = _since(self.sampled_wh, reading)
        self.sampled_wh = reading.energy_wh

    def align(self, reading):
        """The same of an interval between clock-aligned moments."""
        reading.interval_wh = _since(self.aligned_wh, reading)
        self.aligned_wh = reading.energy_wh


def _since(before_wh, reading):
    return None if before_wh is None else reading.energy_wh - before_wh
