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
    """One reading of a connector's meter. `power_w`, `current_ma` and `voltage_mv` are sequences of three
    phases, unused ones 0; `temperature_dc` and `soc` (%) are None where nobody knows them."""

    def __init__(self, energy_wh, power_w, current_ma, voltage_mv, offered_ma, temperature_dc=None, soc=None):
        self.energy_wh = energy_wh
        self.power_w = power_w
        self.current_ma = current_ma
        self.voltage_mv = voltage_mv
        self.offered_ma = offered_ma
        self.temperature_dc = temperature_dc
        self.soc = soc
