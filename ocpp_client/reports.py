"""What the charger tells its client of a connector: its status, and a reading of its meter."""


class Status:
    """What a StatusNotification tells of one connector, or of connector 0 (the whole charger)."""

    def __init__(self, status, error_code="NoError", info="", vendor_error_code="", stamp=None):
        self.status = status
        """Available, Preparing, Charging, SuspendedEV, SuspendedEVSE, Finishing, Reserved, Unavailable or
        Faulted."""
        self.error_code = error_code
        """OCPP 1.6 ChargePointErrorCode."""
        self.info = info
        """Free text, <= 50 characters."""
        self.vendor_error_code = vendor_error_code
        """<= 50 characters."""
        self.stamp = stamp
        """`Clock.stamp()` of the moment it became so."""


class Reading:
    """One reading of a connector's meter, and what belongs to it. All but the register may be unknown."""

    def __init__(self, energy_wh, power_w=(), current_ma=(), voltage_mv=(), offered_ma=None):
        self.energy_wh = energy_wh
        """Lifetime register, which never goes back."""
        self.power_w = power_w
        """Of three phases, unused ones 0; empty where they are not known. So are the next two."""
        self.current_ma = current_ma
        self.voltage_mv = voltage_mv
        self.offered_ma = offered_ma
        """A phase, as all limits together leave it; 0 while nothing is offered."""
        self.offered_w = None
        """The same on the phases that the car uses."""
        self.frequency_mhz = None
        self.temperature_dc = None
        self.soc_percent = None
        """What the car has told of its battery."""
        self.signed = ""
        """The register as the meter signed it, in the meter's own format."""
        self.interval_wh = None
        """Since the sample before; `metering` fills it in."""
