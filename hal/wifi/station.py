"""Network over Wi-Fi: a station of somebody's network, and an access point of its own for whoever sets the
charger up."""

import asyncio
import json

import network

from hal import contract
from hal.host import MICROPYTHON
from hal.wifi.names import Names

FILE = "wifi"
"""The store's file of name and password."""
LOOK_MS = 200
ATTEMPT_MS = 20000
"""How long an attempt to join may take."""
PAUSES_MS = (1000, 2000, 5000, 15000, 60000)
"""After the first, second... attempt in vain in a row; the last one stays."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 63
"""Of WPA (IEEE 802.11, annex J): characters of ASCII."""

NO_NAME = "no Wi-Fi has been chosen yet: give the charger its name and password"
JOINING = "it is joining '%s'"
REASONS = {
    -1: "'%s' refuses it: look into the access point",
    -2: "'%s' cannot be found: check the name, and the signal at the charger",
    -3: "'%s' does not take the password: check it",
    200: "'%s' was lost: check the signal at the charger",
    201: "'%s' cannot be found: check the name, and the signal at the charger",
    202: "'%s' does not take the password: check it",
    203: "'%s' refuses it: look into the access point",
    204: "'%s' does not take the password: check it",
    210: "'%s' asks for a security that this charger does not have: choose WPA2 in the access point",
    211: "'%s' asks for a security that this charger does not have: choose WPA2 in the access point",
    212: "'%s' cannot be found: check the name, and the signal at the charger",
}
"""By the status of the radio: of RP2 below 0, of ESP32 from 200 on."""
SLOW = "'%s' does not let it in, or gives it no address: look into the access point"


class Station(contract.Network):
    """The network called in the store's file, kept from the first `open` or `ask` on, or from `start`.

    `status`: why it is not connected, a sentence for people; empty while it is.
    """

    def __init__(self, store, clock):
        self._store = store
        self._clock = clock
        self._wlan = network.WLAN(network.STA_IF)
        self._names = Names(self._servers, clock)
        self._task = None
        self._attempts = 0
        self.status = NO_NAME

    @property
    def connected(self):  # type: ignore[override]
        """Whether the station has joined, and has an address."""
        return self._wlan.isconnected()

    async def open(self, host, port, tls=None):
        await self._attach()
        address = await self._names.look_up(host)
        if tls is None:
            return await asyncio.open_connection(address, port)
        if MICROPYTHON:
            from hal.secured_small import open_stream
        else:
            from hal.secured import open_stream
        return await open_stream(address, port, tls)

    async def ask(self, host, port, question):
        from hal.datagrams import ask

        await self._attach()
        return await ask(await self._names.look_up(host), port, question, MICROPYTHON)

    def explain(self, error):
        from hal.explanations import explain

        return explain(error)

    def start(self):
        """Keep the network from now on, in a task of its own. A second call does nothing."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep())

    def join(self, name, password):
        """Choose another network, for good; the present one is left. ValueError: these cannot be its name and
        password. OSError: the store refused."""
        length = len(password)
        if not 1 <= len(name.encode()) <= 32:
            raise ValueError("the name of a Wi-Fi has 1 to 32 bytes")
        if length and not SHORTEST_PASSWORD <= length <= LONGEST_PASSWORD:
            raise ValueError("the password of a Wi-Fi has 8 to 63 characters, or none where it is open")
        self._store.save(FILE, json.dumps([name, password]).encode())
        self._attempts = 0
        self._wlan.active(False)
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.start()

    def scan(self):
        """The names of networks within reach, the strongest first, without those that hide. Takes 2 s or more
        and may stop everything: only with the contactors open."""
        self._wlan.active(True)
        found = sorted([(-row[3], row[0]) for row in self._wlan.scan() if row[0].strip(b"\0")])
        names = []
        for _, name in found:
            if name not in names:
                names.append(name)
        return [name.decode() for name in names if _is_text(name)]

    def invite(self, name, password):
        """Open an access point of its own. ValueError: WPA asks for 8 to 63 characters."""
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise ValueError("the password of an access point has 8 to 63 characters")
        point = network.WLAN(network.AP_IF)
        point.config(ssid=name, key=password, security=network.WLAN.SEC_WPA_WPA2)
        point.active(True)

    def withdraw(self):
        """Close the access point."""
        network.WLAN(network.AP_IF).active(False)

    async def _attach(self):
        """Wait until there is a way out. OSError: the reason why the attempt under way came to nothing."""
        self.start()
        failed = self._attempts
        while not self.connected:
            if self._attempts != failed or not self._chosen():
                raise OSError(self.status)
            await self._clock.sleep_ms(LOOK_MS)

    async def _keep(self):
        while True:
            chosen = self._chosen()
            if self.connected:
                self.status = ""
                self._attempts = 0
                await self._clock.sleep_ms(LOOK_MS)
            elif chosen is None:
                self.status = NO_NAME
                await self._clock.sleep_ms(PAUSES_MS[0])
            else:
                await self._try_to_join(chosen[0], chosen[1])

    async def _try_to_join(self, name, password):
        self.status = JOINING % name
        reason = await self._attempt(name, password)
        if not reason:
            return
        self.status = reason
        pause_ms = PAUSES_MS[min(self._attempts, len(PAUSES_MS) - 1)]
        self._attempts += 1
        await self._clock.sleep_ms(pause_ms)

    async def _attempt(self, name, password):
        """Why it came to nothing; empty: it has joined."""
        try:
            # Afresh, or ESP32 goes on by itself and takes no other order meanwhile.
            self._wlan.active(False)
            self._wlan.active(True)
            self._wlan.connect(name, password or None)
        except OSError as error:
            return "the radio refuses to join '%s' (%s): start the charger again" % (name, error)
        for _ in range(ATTEMPT_MS // LOOK_MS):
            await self._clock.sleep_ms(LOOK_MS)
            if self.connected:
                return ""
            reason = REASONS.get(self._wlan.status())
            if reason:
                return reason % name
        return SLOW % name

    def _chosen(self):
        """(name, password), or None."""
        data = self._store.load(FILE)
        if not data:
            return None
        try:
            name, password = json.loads(data)
        except (ValueError, TypeError):
            return None  # it has decayed
        return name, password

    def _servers(self):
        """The name server that the network told of, and its router, which often is one."""
        _, _, router, server = self._wlan.ifconfig()
        return [address for address in (server, router)[: 1 + (server != router)] if address != "0.0.0.0"]


def _is_text(name):
    try:
        name.decode()
    except UnicodeError:
        return False
    return True


def make(facts, number, parts):
    """The board's network."""
    return Station(parts.store, parts.clock)
