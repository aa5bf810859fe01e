"""Lines of GPIO chips, as `machine.Pin`, by libgpiod 2 (the kernel's character device)."""

from hal.linux import files

CONSUMER = "mode3"
"""Who `gpioinfo` says that uses a line."""
POLL_MS = 200


class Pin:
    """A line of a GPIO chip, by libgpiod 2. Any other name is one for `PWM` or `ADC` to take."""

    IN = 0
    OUT = 1
    PULL_UP = 1
    PULL_DOWN = 2
    IRQ_FALLING = 4
    IRQ_RISING = 8

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        self.name = name_of(id)
        self._asked = False
        self._offset = 0
        self._settings = {}
        self._handler = None
        self._trigger = 0
        if ":" in self.name and not self.name.startswith("iio:"):
            self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None):
        """Ask the kernel for the line, or for something else from it: until then it stays as it is."""
        import threading

        import gpiod
        from gpiod.line import Bias, Direction, Value

        biases = {Pin.PULL_UP: Bias.PULL_UP, Pin.PULL_DOWN: Bias.PULL_DOWN}
        self._settings = {"bias": biases.get(pull, Bias.AS_IS)}
        if mode == Pin.OUT:
            level = Value.ACTIVE if value else Value.INACTIVE
            self._settings = {"direction": Direction.OUTPUT, "output_value": level}
        elif mode == Pin.IN:
            self._settings["direction"] = Direction.INPUT
        self._levels = (Value.INACTIVE, Value.ACTIVE)
        if self._asked:
            self._reconfigure()
            return
        self._asked = True
        self._lock = threading.Lock()
        chip, _, offset = self.name.partition(":")
        self._offset = int(offset)
        self._request = gpiod.request_lines(
            files.path("/dev/" + chip),
            consumer=CONSUMER,
            config={self._offset: gpiod.LineSettings(**self._settings)},
        )

    def value(self, level=None):
        """The level of the line, 0 or 1; or set it."""
        with self._lock:  # libgpiod leaves it to its users
            if level is None:
                return 1 if self._request.get_value(self._offset) else 0
            self._request.set_value(self._offset, self._levels[1 if level else 0])
            return None

    __call__ = value

    def on(self):
        """Set the line to 1."""
        self.value(1)

    def off(self):
        """Set the line to 0."""
        self.value(0)

    def irq(self, handler=None, trigger=IRQ_FALLING | IRQ_RISING):
        """Call `handler(pin)` for each edge of `trigger`, in a thread of its own. The kernel keeps the edges
        that come meanwhile, so that a pulse of any width that it sees is told."""
        from gpiod.line import Edge

        listens = self._handler is not None
        self._handler = handler
        edges = {Pin.IRQ_FALLING: Edge.FALLING, Pin.IRQ_RISING: Edge.RISING}
        self._settings["edge_detection"] = edges.get(trigger, Edge.BOTH) if handler else Edge.NONE
        self._reconfigure()
        if handler and not listens:
            import threading

            threading.Thread(target=self._listen, name="irq " + self.name, daemon=True).start()

    def _reconfigure(self):
        import gpiod

        with self._lock:
            self._request.reconfigure_lines({self._offset: gpiod.LineSettings(**self._settings)})

    def _listen(self):
        import select

        poll = select.poll()
        poll.register(self._request.fd, select.POLLIN)
        while self._handler is not None:
            if not poll.poll(POLL_MS):
                continue
            with self._lock:
                events = self._request.read_edge_events()
            for _ in events:
                handler = self._handler
                if handler is not None:
                    handler(self)


def name_of(pin):
    """What a `Pin`, or a text in its place, names."""
    return pin.name if isinstance(pin, Pin) else pin
