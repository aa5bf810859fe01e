"""Both ends of a charger, as a dialogue of the conformance suite sees them: what the server sends and
expects, and what people do to car and charger. The same over memory (`memory.py`) and over sockets
(`sockets.py`); runs on MicroPython too."""

from ocpp_client.timestamps import to_text

NOON = 1772366400000
"""2026-03-01T12:00:00Z: the date at 0 ms, as the server tells it."""
STEP_S = 0.25
"""How often it is looked whether something has come."""
ANSWER_S = 20
"""The longest that any request waits for its answer."""
CARD = "CARD"
SILENCE = None
"""An answer that never comes."""


class Failed(Exception):
    """The charger did not do what the dialogue says."""


class Refusal:
    """An answer that is a CALLERROR."""

    def __init__(self, code="InternalError"):
        self.code = code


class Frame:
    """A CALL of the charger, or an answer."""

    def __init__(self, message, at_ms):
        self.kind = message[0]
        self.message_id = message[1]
        self.action = message[2] if self.kind == 2 else ""
        self.code = message[2] if self.kind == 4 else ""
        self.payload = {} if self.kind == 4 else message[3 if self.kind == 2 else 2]
        self.at_ms = at_ms
        self.taken = False
        """A dialogue has expected it, or passed over it."""

    def __repr__(self):
        shown = {name: self.payload[name] for name in self.payload if name != "meterValue"}
        return "%d %s %s %s" % (self.at_ms, self.action or self.kind, self.code, shown)


class Stage:
    """One charger with `connectors` connectors; a dialogue uses the last of them, `connector`.

    `ends` is where it runs: `now_ms()`, `sleep(s)`, `soon()` (until something comes, which takes next to no
    time), `start(settings)`, `send(message)`, `hang_up(again)`, `listen()`, and what people do, `do(name,
    **fields)`, as on the control socket of the simulator.
    """

    def __init__(self, ends, connectors=1):
        self.ends = ends
        self.connectors = connectors
        self.connector = connectors
        self.profile = "1"
        """The security profile that a charger with a password has here."""
        self.frames = []  # type: list
        """Everything that the charger sent."""
        self.answers = {}  # type: dict
        """What an action is answered with: a payload, a `Refusal`, `SILENCE`, or a function of the request's
        payload that gives one."""
        self.welcomes = lambda identity, password: True
        """Whether a handshake with this password (bytes, or None) is answered with 101, not with 401."""
        self.handshakes = []  # type: list
        """(identity, password) of each."""
        self.judge = lambda message, request: None
        """Holds each frame of the charger, with the action of the request that it answers, against
        something."""
        self.transactions = 100
        self._failure = None  # type: Exception | None
        self._asked = {}  # type: dict
        self._count = 0
        self.be_good()

    def be_good(self):
        """Answer as a server should."""
        self.answers = {
            "Authorize": {"idTagInfo": {"status": "Accepted"}},
            "BootNotification": lambda payload: self.boot("Accepted"),
            "Heartbeat": lambda payload: {"currentTime": self.date()},
            "StartTransaction": lambda payload: self.start("Accepted"),
        }

    def boot(self, status, interval=300):
        """An answer to BootNotification."""
        return {"status": status, "currentTime": self.date(), "interval": interval}

    def start(self, status, transaction_id=None, **info):
        """An answer to StartTransaction, with another id each time."""
        self.transactions += 1
        info["status"] = status
        number = self.transactions if transaction_id is None else transaction_id
        return {"transactionId": number, "idTagInfo": info}

    def date(self, later_s=0):
        """Now, or so many seconds later."""
        return to_text(NOON + self.ends.now_ms() + later_s * 1000)

    # The server's side.

    async def expect(self, action, within_s=60, **fields):
        """The next CALL of this kind with these fields; others of its kind (and connector) that came before
        it are passed over."""
        deadline_ms = self.ends.now_ms() + within_s * 1000
        connector = fields.get("connectorId")
        while True:
            for frame in self.frames:
                if frame.action == action and not frame.taken and _has(frame.payload, fields):
                    self._take(frame, connector)
                    return frame
            if self.ends.now_ms() >= deadline_ms:
                raise Failed("no %s %s within %d s, but %s" % (action, fields, within_s, self.frames[-8:]))
            await self.time(STEP_S)

    async def nothing(self, seconds, *actions):
        """For so long no CALL of these kinds comes; of no kind at all, if none is named."""
        before = len(self.frames)
        await self.time(seconds)
        found = [
            frame
            for frame in self.frames[before:]
            if frame.action and frame.action in (actions or (frame.action,))
        ]
        if found:
            raise Failed("this was not to come: %s" % found)

    def in_order(self, *frames):
        """They came one after the other."""
        places = [self.frames.index(frame) for frame in frames]
        equal(places, sorted(places))

    async def status(self, status, connector=None, within_s=60):
        """The next status of a connector is this one."""
        where = self.connector if connector is None else connector
        frame = await self.expect("StatusNotification", within_s, connectorId=where)
        equal(frame.payload["status"], status)
        return frame

    async def ask(self, action, **payload):
        """A request of the server; the payload of its answer."""
        frame = await self.request([2, self._next_id(action), action, payload])
        if frame.kind != 3:
            raise Failed("%s %s is answered with %s" % (action, payload, frame.code))
        return frame.payload

    async def refused(self, action, **payload):
        """The code of the CALLERROR that a request is answered with."""
        frame = await self.request([2, self._next_id(action), action, payload])
        if frame.kind != 4:
            raise Failed("%s %s is answered with %s" % (action, payload, frame.payload))
        return frame.code

    async def change(self, key, value):
        """Change a key; the status."""
        return (await self.ask("ChangeConfiguration", key=key, value=value))["status"]

    async def value(self, key):
        """What a key is, or None."""
        entries = (await self.ask("GetConfiguration", key=[key]))["configurationKey"]
        return entries[0].get("value") if entries else None

    async def trigger(self, message, **where):
        """Ask for a message; the status of the answer."""
        return (await self.ask("TriggerMessage", requestedMessage=message, **where))["status"]

    async def request(self, message):
        """Any request; the frame of its answer."""
        before = len(self.frames)
        await self.ends.send(message)
        for _ in range(int(ANSWER_S / STEP_S)):
            await self.ends.soon()
            for frame in self.frames[before:]:
                if frame.kind != 2 and frame.message_id == message[1]:
                    return frame
            await self.time(STEP_S)
        raise Failed("no answer to %s" % message)

    async def send(self, message):
        """A request whose answer is not waited for."""
        self._asked[message[1]] = message[2]
        await self.ends.send(message)

    def sent(self, action, **fields):
        """All CALLs of this kind so far."""
        return [frame for frame in self.frames if frame.action == action and _has(frame.payload, fields)]

    # What `ends` tells.

    def hear(self, message):
        """A frame of the charger; the message that answers it, or None."""
        frame = Frame(message, self.ends.now_ms())
        self.frames.append(frame)
        try:
            self.judge(message, self._asked.get(frame.message_id))
        except Exception as failure:
            self._failure = failure  # not here, where the charger would be the one to hear of it
        if frame.kind != 2:
            return None
        answer = self.answers.get(frame.action, {})
        if callable(answer):
            answer = answer(frame.payload)
        if isinstance(answer, Refusal):
            return [4, frame.message_id, answer.code, "", {}]
        return None if answer is SILENCE else [3, frame.message_id, answer]

    def welcome(self, identity, password):
        """A handshake; whether it is accepted."""
        self.handshakes.append((identity, password))
        return self.welcomes(identity, password)

    # The charger's side.

    async def power_on(self, **settings):
        """The charger starts, with settings of its owner."""
        await self.ends.start(settings)

    async def begin(self, **settings):
        """It starts, and is accepted."""
        await self.power_on(**settings)
        await self.accepted()

    async def accepted(self):
        """It registers, and tells of all connectors."""
        await self.expect("BootNotification", 40)
        for connector in range(self.connectors + 1):
            await self.expect("StatusNotification", connectorId=connector)

    async def charge(self, card=CARD, **car):
        """A car comes, a card is shown, and current flows; what the server calls the transaction."""
        await self.plug(**car)
        await self.swipe(card)
        await self.expect("StartTransaction", connectorId=self.connector)
        await self.charging()
        return self.transactions

    async def charging(self):
        """Wait for current."""
        await self.expect("StatusNotification", connectorId=self.connector, status="Charging")

    async def plug(self, **car):
        await self.ends.do("plug", connector=self.connector, ev=car)

    async def unplug(self):
        await self.ends.do("unplug", connector=self.connector)

    async def car(self, **traits):
        """The car changes its mind."""
        await self.ends.do("ev", connector=self.connector, ev=traits)

    async def swipe(self, card=CARD):
        await self.ends.do("swipe", id_tag=card)

    async def set(self, key, value):
        """The owner changes a setting."""
        await self.ends.do("set", key=key, value=value)

    async def power(self, to):
        """The supply goes ('off') or comes ('on')."""
        await self.ends.do("power", to=to)

    async def hang_up(self, again=True):
        """The server breaks the connection off; `again`: it listens for the next."""
        await self.ends.hang_up(again)

    async def listen(self):
        """It listens again."""
        await self.ends.listen()

    async def time(self, seconds):
        """Let time pass."""
        await self.ends.sleep(seconds)
        if self._failure:
            raise self._failure

    def _take(self, last, connector):
        for frame in self.frames:
            if frame.action == last.action and connector in (None, frame.payload.get("connectorId")):
                frame.taken = True
            if frame is last:
                return

    def _next_id(self, action):
        self._count += 1
        message_id = "server-%d" % self._count
        self._asked[message_id] = action
        return message_id


def equal(found, wanted):
    """Hold what was found against what was wanted."""
    if found != wanted:
        raise Failed("%s is not %s" % (found, wanted))


def holds(held, words="it does not hold"):
    """Hold anything."""
    if not held:
        raise Failed(words)


def _has(payload, fields):
    return all([payload.get(name) == fields[name] for name in fields])  # noqa: C419 - as boards like it
