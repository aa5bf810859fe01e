"""What `import network` gives: a radio, and the access points of `Chip.air` around it.

It joins and gets an address; the bytes themselves go over the host's own sockets.
"""

from simulator.pins.wired import Wired, bound

EPERM = 1
EINVAL = 22
WIFI_STATE = 0x3006
JOIN_US = 1500000
ADDRESS_US = 800000
SEARCH_US = 3000000
REFUSE_US = 2500000
SCAN_US = 2000000
STATION, POINT = 0, 1
NOWHERE = "0.0.0.0"
OWN = ("192.168.4.16", "192.168.4.1")
"""Address on somebody's network and on its own."""

STATUS = {
    "rp2": {
        "IDLE": 0, "CONNECTING": 1, "CONNECT_FAIL": -1, "NO_AP_FOUND": -2, "WRONG_PASSWORD": -3, "GOT_IP": 3,
    },
    "esp32": {
        "IDLE": 1000, "CONNECTING": 1001, "GOT_IP": 1010, "BEACON_TIMEOUT": 200, "NO_AP_FOUND": 201,
        "WRONG_PASSWORD": 202, "CONNECT_FAIL": 203, "ASSOC_FAIL": 203, "HANDSHAKE_TIMEOUT": 204,
    },
}  # fmt: skip
SECURITY = {
    "rp2": {"SEC_OPEN": 0, "SEC_WPA_WPA2": 4194310, "SEC_WPA3": 16777220, "SEC_WPA2_WPA3": 20971524},
    "esp32": {
        "SEC_OPEN": 0,
        "SEC_WPA": 2,
        "SEC_WPA2": 3,
        "SEC_WPA_WPA2": 4,
        "SEC_WPA3": 6,
        "SEC_WPA2_WPA3": 7,
    },
}
POWER = {
    "rp2": {"PM_NONE": 16, "PM_PERFORMANCE": 10555714, "PM_POWERSAVE": 17},
    "esp32": {"PM_NONE": 0, "PM_PERFORMANCE": 1, "PM_POWERSAVE": 2},
}
QUERIES = {
    "mac": b"\x02\x00\x00\x00\x00\x01",
    "channel": 0,
    "hidden": False,
    "security": 0,
    "pm": 0,
    "txpower": 20,
}
TEXTS = ("ssid", "essid", "key", "password", "hostname", "dhcp_hostname")


class Radio:
    """The one radio behind both interfaces."""

    def __init__(self, chip):
        self._chip = chip
        self.active = [False, False]
        self.settings = [{}, {}]  # type: list
        self._codes = STATUS[chip.rules.family]
        self._state = "IDLE"
        self._name = None
        self._next = None

    @property
    def on(self):
        """Whether it works at all."""
        return self.active[STATION] or self.active[POINT]

    @property
    def joined(self):
        """Whether the station has an address. An access point that goes away ends that."""
        if self._state == "GOT_IP" and self._name not in self._chip.air:
            self._state = "BEACON_TIMEOUT" if "BEACON_TIMEOUT" in self._codes else "CONNECT_FAIL"
        return self._state == "GOT_IP"

    def status(self):
        """The code of the port."""
        return self._codes["GOT_IP" if self.joined else self._state]

    def join(self, name, key):
        """Begin to join."""
        if not self.active[STATION]:
            raise OSError("Wifi Not Started") if self._chip.rules.family == "esp32" else OSError(EPERM)
        if self._state == "CONNECTING" and self._chip.rules.family == "esp32":
            raise OSError("Wifi Internal State Error")
        self.leave()
        self._name, self._state = name, "CONNECTING"
        found = self._chip.air.get(name)
        if not found:
            self._soon(SEARCH_US, "NO_AP_FOUND")
        elif (found[0] or None) != (key or None):
            self._soon(REFUSE_US, "WRONG_PASSWORD")
        else:
            self._soon(JOIN_US + ADDRESS_US, "GOT_IP")

    def leave(self):
        """Leave, or stop joining."""
        if self._next:
            self._next.cancel()
        self._state, self._name = "IDLE", None

    def _soon(self, us, state):
        self._next = self._chip.at(self._chip.now_us + us, lambda: self._become(state))

    def _become(self, state):
        self._state = state


class WLAN(Wired):
    """An interface: station or access point."""

    IF_STA, IF_AP = STATION, POINT

    def __init__(self, interface_id=STATION):
        if interface_id not in (STATION, POINT):
            raise ValueError("invalid WLAN interface identifier")
        self._id = interface_id
        parts = self._chip.parts
        if "radio" not in parts:
            parts["radio"] = Radio(self._chip)
        self._radio = parts["radio"]

    def active(self, is_active=None):
        """Whether it is on; switch it."""
        if is_active is None:
            return self._radio.active[self._id]
        self._radio.active[self._id] = bool(is_active)
        if not is_active and self._id == STATION:
            self._radio.leave()
        return None

    def connect(self, ssid=None, password=None, *, bssid=None):
        """Begin to join; `status` tells what became of it."""
        self._radio.join(ssid, password)

    def disconnect(self):
        """Leave."""
        self._radio.leave()

    def isconnected(self):
        """Whether the station has an address, or somebody joined the access point."""
        return self._radio.joined if self._id == STATION else False

    def status(self, param=None):
        """What became of joining; 'rssi': how well it hears (dBm)."""
        if param is None:
            return self._radio.status()
        if param != "rssi" or self._id != STATION:
            raise ValueError("unknown status param")
        found = self._chip.air.get(self._radio._name)
        return found[2] if found and self._radio.joined else 0

    def scan(self):
        """(name, BSSID, channel, dBm, security, hidden) of each in reach; nothing else runs meanwhile."""
        if not self._radio.active[STATION]:
            raise OSError("STA must be active") if self._chip.rules.family == "esp32" else OSError(EPERM)
        self._chip.spend(SCAN_US)
        air = self._chip.air
        return [
            (name.encode(), b"\x02\x00\x00\x00\x00\x02", air[name][1], air[name][2], 3, False) for name in air
        ]

    def ifconfig(self, ip_mask_gateway_dns=None):
        """(address, mask, router, name server)."""
        if ip_mask_gateway_dns is not None:
            if len(ip_mask_gateway_dns) != 4:
                raise ValueError("requested length 4 but object has length %d" % len(ip_mask_gateway_dns))
            self._radio.settings[self._id]["ifconfig"] = ip_mask_gateway_dns
            return None
        if self._id == POINT:
            return OWN[1], "255.255.255.0", OWN[1], OWN[1]
        if not self._radio.joined:
            return NOWHERE, NOWHERE, NOWHERE, NOWHERE
        return self._radio.settings[STATION].get("ifconfig") or (OWN[0], "255.255.255.0", OWN[1], OWN[1])

    def config(self, *param, **settings):
        """Settings by keyword, or one of them by its name."""
        if len(param) + (1 if settings else 0) != 1:
            raise TypeError("either pos or kw args are allowed")
        known = self._radio.settings[self._id]
        if param:
            if param[0] in known:
                return known[param[0]]
            if param[0] in TEXTS:
                return ""
            if param[0] in QUERIES:
                return QUERIES[param[0]]
            raise ValueError("unknown config param")
        for name, value in settings.items():
            if name not in QUERIES and name not in TEXTS and name != "reconnects":
                raise ValueError("unknown config param")
            if (
                self._id == STATION
                and name in ("ssid", "key", "hidden")
                and self._chip.rules.family == "esp32"
            ):
                raise OSError("AP required")
            known[name] = value
        return None


def names(chip):
    """The module's names."""
    family = chip.rules.family
    words = dict(SECURITY[family])
    words.update(POWER[family])
    told = {"host": "mpy-rp2" if family == "rp2" else "mpy-esp32s3", "country": "XX"}

    def ask(name, value):
        if value is None:
            return told[name]
        told[name] = value
        return None

    found = {
        "WLAN": bound(chip, WLAN, **words),
        "STA_IF": STATION,
        "AP_IF": POINT,
        "hostname": lambda name=None: ask("host", name),
        "country": lambda code=None: ask("country", code),
    }
    for name in STATUS[family]:
        found["STAT_" + name] = STATUS[family][name]
    return found
