"""A controller fed by hand, without a world: a sound charger and car, until a test spoils one of them."""

from control import pilot
from control.controller import Controller
from control.windows import Inputs, Outputs

TICK_MS = 20
PLATEAUS_MV = (12000, 9000, 6000, 3000)


class Hands:
    """Inputs that follow a willing world, and a controller on a tethered cable behind them."""

    def __init__(self, **options):
        self.controller = Controller(16000, cable_ma=32000, **options)
        self.inputs, self.outputs = Inputs(), Outputs()
        self.inputs.pilot_valid = True
        self.inputs.rcd_tripped = False
        self.inputs.temperature_valid = True
        self.inputs.temperature_dc = 250
        self.inputs.metered = True
        self.inputs.voltage_mv = [230000] * 3
        self.car = pilot.A
        self.now_ms = 0

    def tick(self, elapsed_ms=TICK_MS):
        """One tick, with whatever a sound charger and car would show now."""
        inputs, outputs = self.inputs, self.outputs
        self.now_ms += elapsed_ms
        wave = 0 < outputs.duty_bp < 10000
        if self.now_ms > TICK_MS:
            inputs.high_mv = PLATEAUS_MV[self.car] if outputs.duty_bp else -12000
            inputs.low_mv = -12000 if wave or not outputs.duty_bp else inputs.high_mv
            inputs.closed = outputs.close
            inputs.rcd_tripped = (inputs.rcd_tripped or outputs.rcd_test) and not outputs.rcd_rearm
        self.controller.tick(self.now_ms, inputs, outputs)

    def run(self, duration_ms):
        for _ in range(duration_ms // TICK_MS):
            self.tick()

    def charge(self):
        self.run(7000)
        self.car = pilot.C
        self.controller.mailbox.authorised_session = self.controller.session.number
        self.run(2000)
        assert self.outputs.close

    def events(self):
        found = []
        event = self.controller.events.take()
        while event:
            found.append(event[1:])
            event = self.controller.events.take()
        return found
