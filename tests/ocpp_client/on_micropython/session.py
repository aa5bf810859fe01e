"""Boot, a transaction, a time offline and a power cut, sans I/O and in virtual time. Prints the frames, one a
line.

Frames are sorted by key, because MicroPython's dicts keep no order.
"""

from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from tests.ocpp_client.on_micropython.server import Server, frame
from tests.ocpp_client.ports_in_memory import MemoryCharger, MemoryStore, VirtualClock


def show(direction, message):
    print(direction, canonical(message))


def canonical(value):
    """The value as text that is the same on every runtime."""
    if isinstance(value, dict):
        return "{" + ",".join([key + ":" + canonical(value[key]) for key in sorted(value)]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([canonical(item) for item in value]) + "]"
    return str(value)


class World:
    def __init__(self, store, boot):
        self.clock = VirtualClock(boot, boot)
        self.store = store
        self.charger = MemoryCharger(store, self.clock)
        configuration = Configuration(OCPP_KEYS, store)
        configuration.write("SecurityProfile", "1")
        configuration.write("AuthorizationKey", "0123456789abcdef")
        configuration.write("MeterValueSampleInterval", "20")
        configuration.write("StopTxnSampledData", "Energy.Active.Import.Register,Voltage.L1")
        url = "ws://10.0.0.1:9000/ocpp"
        self.client = Client(self.charger, store, self.clock, configuration, url, "CP001")
        self.charger.attach(self.client)
        self.server = Server(self.clock, lambda message: show("out", message))
        self.linked = False
        self.network = True

    def run(self, seconds):
        end_ms = self.clock.at_ms + seconds * 1000
        self.settle()
        while self.clock.at_ms < end_ms:
            self.clock.at_ms = min(end_ms, self.clock.at_ms + self.client.next_poll_ms(self.clock.at_ms))
            self.settle()

    def settle(self):
        now_ms = self.clock.at_ms
        self.client.poll(now_ms)
        if not self.linked and now_ms >= self.client.outage.until_ms:
            if self.network:
                self.server = Server(self.clock, lambda message: show("out", message))
                self.linked = True
                self.client.connected(now_ms)
            else:
                self.client.closed(now_ms, "nobody there")
        data = self.client.data_to_send()
        while data:
            for byte in self.server.received(data):
                self.client.received(bytes((byte,)), now_ms)
            data = self.client.data_to_send()

    def cut(self):
        self.linked = False
        self.client.closed(self.clock.at_ms, "the cable was pulled")

    def ask(self, message):
        show("in", message)
        self.client.received(frame(message), self.clock.at_ms)
        self.settle()


store = MemoryStore()
world = World(store, 1)
world.run(1)
world.ask([2, "a", "RemoteStartTransaction", {"idTag": "CARD1", "connectorId": 1}])
world.charger.show(1, "Preparing")
world.charger.begin()
world.charger.show(1, "Charging")
world.run(50)
world.ask([2, "b", "RemoteStopTransaction", {"transactionId": 101}])
world.ask([2, "c", "GetConfiguration", {"key": ["heartbeatinterval", "Colour"]}])
world.ask([2, "d", "ChangeConfiguration", {"key": "MeterValuesSampledData", "value": "Voltage,RPM"}])
world.ask([2, "e", "Reset", {"type": 5}])
world.ask([2, "f", "TriggerMessage", {"requestedMessage": "MeterValues"}])
world.ask([2, "g", "TriggerMessage", {"requestedMessage": "StatusNotification"}])
world.ask([2, "h", "ChangeAvailability", {"connectorId": 0, "type": "Inoperative"}])
world.ask(
    [2, "i", "DataTransfer", {"vendorId": "org.mode3", "messageId": "SessionNote", "data": '{"note":"x"}'}]
)
world.ask([2, "j", "UnlockConnector", {"connectorId": 1}])
world.charger.unlocking[0]("Unlocked")
world.client.noted(1, "to the lake")
world.settle()
world.client.received(frame([[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]), world.clock.at_ms)
world.network = False
world.cut()
world.run(100)
world.charger.end()
world = World(store, 2)
world.run(120)
print(world.client.state, len(store.records), store.released)
world.client.received(b"\x83\x00", world.clock.at_ms)
world.cut()
print(world.client.state)
