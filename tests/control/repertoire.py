"""What may happen to a station, and the choices for each of its values."""

from control import limits

FAULTS = (
    "cp_diode",
    "cp_short",
    "cp_noise",
    "pilot_dead",
    "ventilation",
    "rcd_trip",
    "rcd_dead",
    "relay_welded",
    "relay_stuck_open",
    "coil_chatter",
    "over_current",
    "over_voltage",
    "under_voltage",
    "phase_lost",
    "earth_lost",
    "hot",
    "over_temperature",
    "temperature_sensor",
    "meter_silent",
)
OF_A_SOCKET = ("pp_open", "pp_short", "lock_stuck")
CARS: tuple[dict, ...] = (
    {},
    {"phases": 1},
    {"max_a": 32, "ramp_a_s": 80, "reaction_ms": 0},
    {"false_b_ms": 250},
    {"false_b_ms": 500},
    {"false_c_ms": 300},
    {"simplified": 1},
    {"ventilation": 1},
    {"min_a": 8},
    {"stubborn": 1},
    {"sleep_after_s": 20},
    {"sleep_after_s": 20, "wakes_on_f": 0},
    {"flap_ms": 700},
    {"flap_ms": 3000},
    {"pause_every_s": 10, "pause_for_s": 10},
)
OF_THE_SITE = (limits.INSTALLATION, limits.OWNER, limits.BACKEND, limits.SCHEDULE, limits.LOAD_BALANCING)
OF_THE_SESSION = (limits.SESSION_POWER, limits.SESSION_TIME, limits.START_DELAY)
AMPERES = (0, 5999, 6000, 10000, 16001, 32000, 80000)
WATTS = (1, 1379, 1400, 4100, 4200, 7400, 11000, 22000)
LIVES_MS = (0, 500, 3000, 20000)
FALLBACKS_MA = (0, 6000, 13000)

MOMENTS = ("boot", "test", "close", "open")
ACCIDENTS: tuple[tuple, ...] = (
    ("leak", 0),
    ("leak", 0),
    ("restart",),
    ("cut_power", 200),
    ("fault", "relay_welded"),
    ("fault", "relay_stuck_open"),
    ("starve", 30),
    ("flap", 50),
    ("miss", 120),
    ("wiggle", 60),
)
"""What may meet the few moments that matter most."""
BETWEEN_OHM = (90, 520, 1500, 7000)
"""Plateaus between D and E, C and D, B and C, A and B."""

ACTIONS: dict[str, tuple] = {
    "plug": (CARS,),
    "unplug": (),
    "another": (CARS, (False, True, True)),
    "wiggle": (range(1, 180),),
    "authorise": (),
    "withdraw": (),
    "charge": ((0, 1),),
    "limit": (OF_THE_SITE + OF_THE_SESSION, AMPERES, LIVES_MS, FALLBACKS_MA),
    "by_phase": (OF_THE_SITE, AMPERES, AMPERES, AMPERES, LIVES_MS, FALLBACKS_MA),
    "power": (OF_THE_SITE + OF_THE_SESSION, WATTS, LIVES_MS, FALLBACKS_MA),
    "enough": (range(0, 60, 5),),
    "enable": ((False, True),),
    "bill": ((False, True), (0, 6000, 10000)),
    "delay": ((0, 20000),),
    "pulse_c": (range(1, 600),),
    "flap": (range(1, 300),),
    "bounce": (range(2, 30), range(1, 19)),
    "corrode": (BETWEEN_OHM, range(1, 600)),
    "fault": (FAULTS,),
    "brief": (FAULTS, range(1, 600)),
    "clear": (FAULTS,),
    "loosen": (("shorted", "lost", "diode_shorted"), range(1, 8), range(1, 12)),
    "fasten": (),
    "mirror": ((0, 0, 7, 8, 12, 25),),
    "starve": (range(20, 300),),
    "leak": (range(21),),
    "meet": (MOMENTS, (*range(130), *range(130, 1500, 10)), ACCIDENTS),
    "miss": ((*range(1, 400), 1000, 3000, 7900),),
    "late": (range(21, 130), range(1, 30), (882, 2740)),
    "replug": (FAULTS,),
    "noise": ((0, 40, 150, 300),),
    "heat": ((-300, 250, 500, 600, 640, 660, 690, 705, 712, 800),),
    "volts": ((0, 180000, 206000, 208000, 230000, 252000, 254000, 270000), range(4)),
    "step_clock": ((-86400, -30, 30, 3600, 10**9),),
    "restart": (),
    "cut_power": (range(20, 3000),),
    "mend": ((True, True, False),),
}
ON_A_SOCKET = {
    **ACTIONS,
    "plug": ((*CARS, {"cable_a": 13}, {"cable_a": 20}, {"cable_a": 13, "false_b_ms": 500}),),
    "another": ((*CARS, {"cable_a": 13}, {"cable_a": 20}), (False, True, True)),
    "fault": (FAULTS + OF_A_SOCKET,),
    "brief": (FAULTS + OF_A_SOCKET, range(1, 600)),
    "replug": (FAULTS + OF_A_SOCKET,),
    "clear": (FAULTS + OF_A_SOCKET,),
    "bolt": ((0, 0, 3, 10),),
}
SWITCHING = {
    **ACTIONS,
    "fault": ((*FAULTS, "phase_stuck"),),
    "clear": ((*FAULTS, "phase_stuck"),),
    "switch_phases": ((0, 1), (2000, 10000)),
}
DURATIONS_MS = (20, 40, 100, 240, 1000, 3000, 6000, 10000)

OFTEN = {
    "fault": 8,
    "brief": 4,
    "another": 5,
    "limit": 3,
    "meet": 3,
    "power": 2,
    "enough": 2,
    "heat": 2,
    "volts": 2,
}
"""What has many kinds, or many consequences."""
MENDED = 25
"""In a long life, how many actions in a hundred are somebody's who mends what ended a charge."""


class Setup:
    """One kind of station: how it is made, and what may happen to it."""

    def __init__(self, actions, board="simulated", **options):
        self.actions = actions
        self.board = board
        self.options = options
        self.names = [name for name in actions for _ in range(OFTEN.get(name, 1))]

    def step(self, chance):
        """One action with its values, and how long it is given."""
        name = chance.choice(self.names)
        return (name, *map(chance.choice, self.actions[name])), chance.choice(DURATIONS_MS)


SETUPS = {
    "tethered": Setup(ACTIONS),
    "one phase": Setup(ACTIONS, phases=1),
    "switching": Setup(SWITCHING, switchable=True),
    "ventilated": Setup(ACTIONS, ventilation=True),
    "socket": Setup(ON_A_SOCKET, "simulated_two"),
}
