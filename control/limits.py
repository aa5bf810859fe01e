"""Least limit with a reason: every limit is a row with a value a phase, a time to live and a fallback; the
least of the phases in use wins."""

from control import power

HARDWARE = 0
"""Rating of the board and its connector."""
INSTALLATION = 1
"""What the electrician set for this circuit."""
CABLE = 2
"""Rating of the cable."""
OWNER = 3
"""What the owner allows."""
BACKEND = 4
"""What the operator's server allows."""
SESSION_POWER = 5
"""What was asked for this transaction, in W."""
SESSION_ENERGY = 6
"""Nothing more, once the energy that was asked for has flowed."""
SESSION_TIME = 7
"""Nothing more, once the time that was asked for is over."""
SCHEDULE = 8
"""The owner's hours."""
LOAD_BALANCING = 9
"""What the connection has left beside everything else on it."""
TEMPERATURE = 10
VOLTAGE = 11
"""The wait before charging goes on after the supply was out of range."""
METER = 12
"""Without a meter nobody sees what flows."""
SIMPLE_CAR = 13
"""A car that has not shown state B may not know what a duty cycle means."""
START_DELAY = 14
"""The randomised delay before a charge begins."""
RECONNECTING = 15
"""Nothing, while work goes on that stops the tick of this board: most of all a connection that is opened."""

NAMES = (
    "hardware",
    "installation",
    "cable",
    "owner",
    "backend",
    "session power",
    "session energy",
    "session time",
    "schedule",
    "load balancing",
    "temperature",
    "voltage",
    "meter",
    "simple car",
    "start delay",
    "reconnecting",
)

SESSION = (SESSION_POWER, SESSION_ENERGY, SESSION_TIME, START_DELAY)
"""Rows that belong to a plug-in, and end with it."""

NO_LIMIT_MA = 1000000
"""A row that does not limit."""
SIMPLE_CAR_MA = 10000
"""The most for a car with a fixed resistor (IEC 61851-1, A.2.1, simplified pilot)."""
METER_MA = 6000
"""What may flow unseen while the meter is silent, unless the facade says otherwise."""
_PHASES = 3
_LONG_MS = 0x1FFFFFFF


class Limits:
    """The rows of one connector, and the least of them."""

    def __init__(self, hardware_ma, phases=_PHASES, nominal_mv=230000):
        count = len(NAMES)
        self.least_ma = 0
        self.reason = HARDWARE
        """Row of the least limit."""
        self.rated_ma = hardware_ma
        self._phases = phases
        self._value_ma = [[NO_LIMIT_MA] * count for _ in range(_PHASES)]
        self._fallback_ma = [NO_LIMIT_MA] * count
        self._left_ms = [0] * count
        self._power_w = [0] * count
        self._written = [0] * count
        self._timed = 0
        self._powered = 0
        self._sequence = -1
        # Until the meter has told: the highest voltage that is in range, which allows the least current.
        self._highest_mv = nominal_mv // 10 * 11
        self._voltage_mv = [self._highest_mv] * _PHASES
        self.set(HARDWARE, hardware_ma)

    def value_ma(self, source):
        """What a row limits the phases in use to now."""
        value_ma = self._value_ma[0][source]
        for phase in range(1, self._phases):
            value_ma = min(value_ma, self._value_ma[phase][source])
        return value_ma

    def left_ms(self, source):
        """How long a row's value still holds before its fallback; 0: until it is overwritten."""
        return self._left_ms[source] if self._timed & (1 << source) else 0

    def set(self, source, limit_ma):
        """Set a row that control itself knows, without expiry."""
        if self._value_ma[0][source] != limit_ma or self._timed & (1 << source):
            self._timed &= ~(1 << source)
            self._spread(source, limit_ma)
            self._choose()

    def hold(self, source, limit_ma, life_ms):
        """Set a row for `life_ms`, after which it does not limit."""
        self._fallback_ma[source] = NO_LIMIT_MA
        self._left_ms[source] = min(life_ms, _LONG_MS)
        self._timed |= 1 << source
        self._spread(source, limit_ma)
        self._choose()

    def use(self, phases):
        """So many phases are in use, from the first on."""
        if phases != self._phases:
            self._phases = phases
            self._convert()

    def measure(self, voltage_mv, current_ma):
        """Take live voltages and currents (mV, mA, by phase): what is limited in W becomes another current. A
        phase that carries current has a voltage, whatever the meter says."""
        for phase in range(_PHASES):
            lost = voltage_mv[phase] < power.LEAST_MV and current_ma[phase] >= power.IN_USE_MA
            self._voltage_mv[phase] = self._highest_mv if lost else voltage_mv[phase]
        if self._powered:
            self._convert()

    def end_session(self):
        """The car is gone, and with it what was asked for it."""
        for source in SESSION:
            self._powered &= ~(1 << source)
            self._timed &= ~(1 << source)
            self._spread(source, NO_LIMIT_MA)
        self._choose()

    def update(self, elapsed_ms, mailbox, session=0):
        """Take new rows from the mailbox, and let those whose time is over fall back. Rows of a session are
        taken for the plug-in number `session` only."""
        if mailbox.sequence != self._sequence:
            self._sequence = mailbox.sequence
            self._take(mailbox, session)
        if self._timed:
            self._expire(elapsed_ms)

    def _take(self, mailbox, session):
        for source in mailbox.SOURCES:
            if mailbox.written[source] != self._written[source]:
                self._written[source] = mailbox.written[source]
                if source not in SESSION or mailbox.limited_session == session:
                    self._take_row(mailbox, source)
        self._convert()

    def _take_row(self, mailbox, source):
        for phase in range(_PHASES):
            self._value_ma[phase][source] = mailbox.limit_ma[phase][source]
        self._power_w[source] = mailbox.power_w[source]
        self._fallback_ma[source] = mailbox.fallback_ma[source]
        self._left_ms[source] = min(mailbox.life_ms[source], _LONG_MS)
        bit = 1 << source
        self._timed = self._timed | bit if mailbox.life_ms[source] else self._timed & ~bit
        self._powered = self._powered | bit if mailbox.power_w[source] else self._powered & ~bit

    def _expire(self, elapsed_ms):
        for source in range(len(NAMES)):
            bit = 1 << source
            if self._timed & bit:
                self._left_ms[source] -= elapsed_ms
                if self._left_ms[source] <= 0:
                    self._timed &= ~bit
                    self._powered &= ~bit
                    self._spread(source, self._fallback_ma[source])
                    self._choose()

    def _spread(self, source, limit_ma):
        for phase in range(_PHASES):
            self._value_ma[phase][source] = limit_ma

    def _convert(self):
        """What is limited in W, as current with the voltages and phases of now."""
        if self._powered:
            for source in range(len(NAMES)):
                if self._powered & (1 << source):
                    watts = self._power_w[source]
                    self._spread(source, power.limit_ma(watts, self._voltage_mv, self._phases))
        self._choose()

    def _choose(self):
        self.reason = HARDWARE
        self.least_ma = NO_LIMIT_MA
        for phase in range(self._phases):
            values_ma = self._value_ma[phase]
            for source in range(len(NAMES)):
                if values_ma[source] < self.least_ma:
                    self.reason = source
                    self.least_ma = values_ma[source]
