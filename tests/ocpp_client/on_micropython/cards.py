"""The authorisation cache: over a power cut, a full store, and more cards than it has room for. Prints what
it knows."""

from ocpp_client.authorisation import Authorisation
from ocpp_client.cache import ENTRIES, Cache
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.timestamps import to_text
from tests.ocpp_client.ports_in_memory import NOON, MemoryStore, VirtualClock

store = MemoryStore()
clock = VirtualClock()
clock.set_unix_ms(NOON)


def start():
    configuration = Configuration(OCPP_KEYS, store)
    return configuration, Cache(store, clock, configuration)


def show(tags):
    print([(tag, cache.judge(tag)) for tag in tags])


configuration, cache = start()
authorisation = Authorisation(configuration, cache.learn)
authorisation.ask("ASKED", lambda info: print(info["status"]), 0)
print(authorisation.next_call(0))
authorisation.answered({"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}, 1)
cache.learn("DATED", {"status": "Accepted", "expiryDate": to_text(NOON + 60000)})
cache.learn("REFUSED", {"status": "Blocked", "parentIdTag": None, "expiryDate": None})
store.full = True
cache.learn("asked", {"status": "ConcurrentTx"})
show(("asked", "DATED", "REFUSED", "NOBODY"))
store.full = False
cache.learn("refused", {"status": "Blocked"})
clock.at_ms = 60000
configuration, cache = start()
show(("ASKED", "DATED", "REFUSED"))
clock = VirtualClock(2)
configuration, cache = start()
show(("ASKED", "DATED"))
for number in range(ENTRIES + 2):
    cache.learn("CARD%d" % number, {"status": "Accepted"})
show(("ASKED", "REFUSED", "CARD0", "CARD1", "CARD2", "CARD65"))
for name in sorted(store.saved):
    print(name, repr(store.saved[name]))
print(cache.clear({}), cache.judge("CARD2"))
configuration.write("AuthorizationCacheEnabled", "false")
print(cache.clear({}))
