"""What a reading can tell, in OCPP's words: one row a measurand (OCPP 1.6, 7.31 and 7.43)."""

# JSON schemas in the field know only the misspelt 'Celcius', so chargers are advised to keep it (OCPP-J
# errata, 2.1).
_CELSIUS = "Celcius"

REGISTER = "Energy.Active.Import.Register"
_REGISTER_WORD = "0:"


def _register(reading):
    return ((0, "%d" % reading.energy_wh),)


def _interval(reading):
    return _whole(reading.interval_wh)


def _power(reading):
    phases = _phases(reading)
    values = [(phase, "%d" % reading.power_w[phase - 1]) for phase in phases]
    # Each phase on its own says nothing new where there is but one.
    return [(0, "%d" % sum(reading.power_w))] + (values if len(phases) > 1 else []) if phases else ()


def _current(reading):
    return [(phase, decimal(reading.current_ma[phase - 1], 1000)) for phase in _phases(reading)]


def _voltage(reading):
    return [(phase, decimal(reading.voltage_mv[phase - 1] // 100, 10)) for phase in _phases(reading)]


def _current_offered(reading):
    return _thousandths(reading.offered_ma)


def _power_offered(reading):
    return _whole(reading.offered_w)


def _temperature(reading):
    return () if reading.temperature_dc is None else ((0, decimal(reading.temperature_dc, 10)),)


def _soc(reading):
    return _whole(reading.soc_percent)


def _frequency(reading):
    return _thousandths(reading.frequency_mhz)


_ROWS = (
    # measurand, unit, its values by phase. Records name a row by its place: never give one another meaning.
    (REGISTER, "Wh", _register),
    ("Energy.Active.Import.Interval", "Wh", _interval),
    ("Power.Active.Import", "W", _power),
    ("Current.Import", "A", _current),
    ("Voltage", "V", _voltage),
    ("Current.Offered", "A", _current_offered),
    ("Power.Offered", "W", _power_offered),
    ("Temperature", _CELSIUS, _temperature),
    ("SoC", "Percent", _soc),
    # It has a unit, but not one that OCPP 1.6 has a word for (errata 3.86).
    ("Frequency", "", _frequency),
)

_PHASED = ("Power.Active.Import", "Current.Import", "Voltage")
_PHASES = ("", "L1", "L2", "L3")


def is_measurand(name):
    """Whether it may be asked for: a measurand, or one phase of it as in 'Voltage.L1' (OCPP 1.6, 9.1.17)."""
    return _row(name) is not None or (name[:-3] in _PHASED and name[-3:] in (".L1", ".L2", ".L3"))


def sample(reading, names):
    """The values of `names` in a reading, each once, as `ports.Store` keeps them: words of a code, a colon
    and the value. So written, a reading takes a tenth of the room that OCPP's form would.

    The code is ten times the measurand's number, and its phase: 0 for all of them together. A plain name
    means them and every phase (OCPP 1.6, 3.16.3). What the reading does not know (a car's charge, a phase
    that is not wired) is left out.
    """
    codes, words = [], []  # type: list, list
    for name in names:
        wanted = 0
        if _row(name) is None:
            name, wanted = name[:-3], int(name[-1])
        number = _row(name)
        for phase, text in _ROWS[number][2](reading):
            code = 10 * number + phase
            if wanted in (0, phase) and code not in codes:
                codes.append(code)
                words.append("%d:%s" % (code, text))
    return " ".join(words)


def register_wh(record):
    """The register that a record of `ports.Store` tells; 0: none."""
    for word in record.get("values", "").split():
        if word.startswith(_REGISTER_WORD):
            return int(word[len(_REGISTER_WORD) :])
    return record.get("meter_wh", 0)


def meter_value(context, values, timestamp, signed=""):
    """One element of `meterValue` or `transactionData`; `values` and `signed` as `ports.Store` keeps them."""
    sampled = [_sampled(context, word) for word in values.split()]
    if signed:
        value = _sampled(context, _REGISTER_WORD + signed)
        value["format"] = "SignedData"
        sampled.append(value)
    return {"timestamp": timestamp, "sampledValue": sampled}


def _sampled(context, word):
    number, _, text = word.partition(":")
    code = int(number)
    measurand, unit, _ = _ROWS[code // 10]
    value = {"value": text, "context": context, "measurand": measurand}
    if unit:
        value["unit"] = unit
    phase = _PHASES[code % 10]
    if phase:
        value["phase"] = phase + "-N" if measurand == "Voltage" else phase
    return value


def _row(name):
    for number, row in enumerate(_ROWS):
        if row[0] == name:
            return number
    return None


def _phases(reading):
    """Those that carry voltage, from 1; the first one always, so that a dead supply shows as 0 V."""
    volts = reading.voltage_mv
    return [phase for phase in range(1, len(volts) + 1) if phase == 1 or volts[phase - 1]]


def _whole(value):
    return () if value is None else ((0, "%d" % value),)


def _thousandths(value):
    return () if value is None else ((0, decimal(value, 1000)),)


def decimal(value, scale):
    """`value` / `scale` (a power of ten) as text, without floats: boards have 32-bit ones."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), scale)
    return "%s%d.%s" % (sign, whole, ("%d" % (scale + rest))[1:])
