"""What a reading can tell, in OCPP's words: one row a measurand (OCPP 1.6, 7.31 and 7.43)."""

# JSON schemas in the field know only the misspelt 'Celcius', so chargers are advised to keep it (OCPP-J
# errata, 2.1).
_CELSIUS = "Celcius"

REGISTER = "Energy.Active.Import.Register"


def _energy(reading):
    return (("", "%d" % reading.energy_wh),)


def _power(reading):
    values = [("", "%d" % sum(reading.power_w))]
    return values + [("L%d" % (phase + 1), "%d" % reading.power_w[phase]) for phase in _phases(reading)]


def _current(reading):
    return [("L%d" % (phase + 1), decimal(reading.current_ma[phase], 1000)) for phase in _phases(reading)]


def _voltage(reading):
    return [
        ("L%d-N" % (phase + 1), decimal(reading.voltage_mv[phase] // 100, 10)) for phase in _phases(reading)
    ]


def _offered(reading):
    return (("", decimal(reading.offered_ma, 1000)),)


def _temperature(reading):
    return () if reading.temperature_dc is None else (("", decimal(reading.temperature_dc, 10)),)


def _soc(reading):
    return () if reading.soc is None else (("", "%d" % reading.soc),)


_ROWS = {
    # measurand: (unit, its values by phase, whether the plain name means every phase)
    REGISTER: ("Wh", _energy, False),
    "Power.Active.Import": ("W", _power, False),
    "Current.Import": ("A", _current, True),
    "Voltage": ("V", _voltage, True),
    "Current.Offered": ("A", _offered, False),
    "Temperature": (_CELSIUS, _temperature, False),
    "SoC": ("Percent", _soc, False),
}

_PHASED = ("Power.Active.Import", "Current.Import", "Voltage")


def is_measurand(name):
    """Whether it may be asked for: a measurand, or one phase of it as in 'Voltage.L1' (OCPP 1.6, 9.1.17)."""
    return name in _ROWS or (name[:-3] in _PHASED and name[-3:] in (".L1", ".L2", ".L3"))


def sample(reading, names):
    """The values of `names` in a reading, as `ports.Store` keeps them: lists of measurand, phase, unit and
    text.

    What the reading does not know (a car's charge, a phase that is not wired) is left out.
    """
    values = []
    for name in names:
        phase = ""
        if name not in _ROWS:
            name, phase = name[:-3], name[-2:]
        unit, values_of, every_phase = _ROWS[name]
        for found, text in values_of(reading):
            if found[:2] == phase or (every_phase and not phase):
                values.append([name, found, unit, text])
    return values


def register_wh(record):
    """The register that a record of `ports.Store` tells; 0: none."""
    for name, _, _, text in record.get("values", ()):
        if name == REGISTER:
            return int(text)
    return record.get("meter_wh", 0)


def _phases(reading):
    """Indices of the phases that carry voltage; the first one always, so that a dead supply shows as 0 V."""
    return [phase for phase in (0, 1, 2) if phase == 0 or reading.voltage_mv[phase]]


def decimal(value, scale):
    """`value` / `scale` (a power of ten) as text, without floats: boards have 32-bit ones."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), scale)
    return "%s%d.%s" % (sign, whole, ("%d" % (scale + rest))[1:])
