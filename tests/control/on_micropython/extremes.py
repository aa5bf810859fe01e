"""The largest numbers that any part and any message may give: nothing in the tick may leave the small
integers, not even on its way. Prints the energy of a life and the most ever offered."""

from control import faults, limits
from control.controller import Controller
from control.windows import Inputs, Outputs
from tests.control.on_micropython.life import locked

LARGEST = 0x3FFFFFFF
GAPS_MS = (1, 20, 99, 100, 100000, 0x1FFFFFFF)
VOLTAGES_MV = ((LARGEST, LARGEST, LARGEST), (230000, 0, 0), (100000, 0, 0), (0, 0, 0))
CURRENTS_MA = ((LARGEST, LARGEST, LARGEST), (80000, 0, 0), (0, 0, 0))
TEMPERATURES_DC = (-LARGEST, 250, 680, 709, LARGEST, -400, 0)


def feed(turn, inputs, outputs):
    """Every extreme of every part, in ever new company."""
    inputs.pilot_valid = turn % 7 != 0
    inputs.high_mv = (-LARGEST, LARGEST, 12000, 9000, 6000, 0)[turn // 50 % 6]
    inputs.low_mv = LARGEST if turn % 11 == 0 else -LARGEST
    inputs.closed = outputs.close != (turn % 13 == 0)
    inputs.rcd_tripped = outputs.rcd_test
    inputs.earthed = turn % 23 != 0
    inputs.hazard = turn % 190 == 0
    inputs.proximity_ohm = LARGEST if turn % 170 == 0 else 100
    inputs.locked = turn % 290 != 0
    inputs.joined = 1 if turn // 300 % 2 else outputs.phases
    inputs.temperature_valid = turn % 5 != 0
    inputs.temperature_dc = TEMPERATURES_DC[turn // 40 % 7]
    inputs.metered = True
    inputs.meter_age_ms = (0, 0x1FFFFFFF)[turn // 90 & 1]
    for phase in range(3):
        inputs.current_ma[phase] = CURRENTS_MA[turn // 60 % 3][phase]
        inputs.voltage_mv[phase] = VOLTAGES_MV[turn // 70 % 4][phase]
    inputs.energy_wh = (LARGEST, 0)[turn // 3 & 1]


def ask(turn, controller):
    """Every extreme of every message."""
    mailbox = controller.mailbox
    mailbox.authorised_session = mailbox.limited_session = controller.session.number
    mailbox.set_limit(limits.BACKEND, LARGEST, LARGEST, LARGEST)
    mailbox.set_power(limits.SESSION_POWER, (LARGEST, 1, 100000, 7000)[turn // 80 % 4], LARGEST, LARGEST)
    mailbox.set_power(limits.OWNER, LARGEST)
    mailbox.phases = turn // 400 & 1
    mailbox.phase_wait_ms = (100, 0x1FFFFFFF)[turn // 800 & 1]
    mailbox.car_phases = turn // 150 % 4
    mailbox.return_delay_ms = LARGEST
    mailbox.meter_ma = mailbox.end_wh = LARGEST
    mailbox.billing = turn // 500 % 2 == 0
    if turn % 100 == 0:
        mailbox.clear(faults.SERVICE)


def live(turns, **options):
    """The controller after so many turns, and the most it ever offered (mA)."""
    controller = Controller(80000, **options)
    controller.restore(0, 0, LARGEST - 5, 0, LARGEST - 1, 3, 3)
    inputs, outputs = Inputs(), Outputs()
    now_ms, most_ma = 0, 0

    def tick(now_ms):
        controller.tick(now_ms, inputs, outputs)

    for turn in range(turns):
        now_ms = (now_ms + GAPS_MS[turn // 100 % 6 if turn % 100 == 0 else 1]) & LARGEST
        feed(turn, inputs, outputs)
        ask(turn, controller)
        locked(tick, now_ms)
        most_ma = max(most_ma, controller.snapshot.offered_ma, controller.snapshot.limit_ma)
        while controller.events.take():
            pass
    return controller.energy.lifetime_wh, most_ma


print("socket", *live(4000, cable_ma=0, lockable=True, switchable=True))
print("tethered", *live(4000, cable_ma=80000, ventilation=True))
