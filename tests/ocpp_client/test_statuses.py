"""What the backend is told of states that last, that do not, and that it did not hear."""

from ocpp_client.reports import Status
from tests.ocpp_client.backend import SILENCE, Refusal, World, booted


def test_behaviour_04_states_that_do_not_last_are_not_told():
    world = booted(settings={"MinimumStatusDuration": "5"})
    count = len(world.backend.out("StatusNotification"))
    world.charger.show(1, "Preparing")
    world.run(3)
    world.charger.show(1, "Available")
    world.run(10)
    assert len(world.backend.out("StatusNotification")) == count
    world.charger.show(1, "Faulted")
    world.run(4.9)
    assert len(world.backend.out("StatusNotification")) == count
    world.run(0.2)
    last = world.backend.out("StatusNotification")[-1].payload
    assert (last["status"], last["errorCode"]) == ("Faulted", "GroundFailure")


def test_behaviour_04_what_the_backend_does_not_know_yet_is_not_held_back():
    world = World(settings={"MinimumStatusDuration": "60"})
    world.backend.answers["BootNotification"] = SILENCE
    world.run(1)
    world.backend.be_good()
    for second in range(70):
        world.charger.show(1, ("Preparing", "Charging")[second % 2])
        world.run(1)
    told = [frame.payload["status"] for frame in world.backend.out("StatusNotification")]
    assert world.client.accepted
    assert (len(told), told[0]) == (2, "Available")


def test_behaviour_04_a_state_that_lasts_is_told_although_its_reason_changes_all_the_while():
    world = booted(settings={"MinimumStatusDuration": "5"})
    count = len(world.backend.out("StatusNotification"))
    for second in range(0, 12, 2):
        status = Status("SuspendedEVSE", info=f"load balancing {second}", stamp=world.clock.stamp())
        world.charger.status = lambda connector_id, status=status: status
        world.client.status_changed(1)
        world.run(2)
    told = [frame.payload for frame in world.backend.out("StatusNotification")[count:]]
    assert [(payload["status"], payload["info"]) for payload in told] == [
        ("SuspendedEVSE", "load balancing 4"),
        ("SuspendedEVSE", "load balancing 10"),
    ]


def test_a_status_that_failed_is_told_with_the_next_change():
    world = booted()
    world.backend.answers["StatusNotification"] = SILENCE
    world.charger.show(1, "Preparing")
    world.run(31)
    world.backend.answers["StatusNotification"] = {}
    world.charger.show(1, "Charging")
    world.run(1)
    assert world.backend.out("StatusNotification")[-1].payload["status"] == "Charging"


def test_a_status_carries_what_the_charger_adds_to_it():
    world = booted()
    status = Status("Faulted", "OtherError", "i" * 60, "v" * 60)
    world.charger.status = lambda connector_id: status
    world.client.status_changed(1)
    world.run(0)
    told = world.backend.out("StatusNotification")[-1].payload
    assert (told["info"], told["vendorErrorCode"], told["vendorId"]) == ("i" * 50, "v" * 50, "Mode3")


def test_a_status_that_was_under_way_when_the_link_broke_is_told_again():
    world = booted()
    world.backend.answers["StatusNotification"] = SILENCE
    world.charger.show(1, "Preparing")
    world.settle()
    world.charger.show(1, "Finishing")
    world.cut()
    world.backend.be_good()
    world.run(10)
    assert [frame.payload["status"] for frame in world.backend.out("StatusNotification")[2:]] == [
        "Preparing",
        "Finishing",
    ]


def test_a_status_without_an_answer_is_told_again_and_a_refused_one_is_not():
    world = booted()
    world.backend.answers["StatusNotification"] = SILENCE
    world.charger.show(1, "Preparing")
    world.run(31)
    world.backend.answers["StatusNotification"] = Refusal()
    world.run(70)
    world.run(300)
    assert [frame.payload["status"] for frame in world.backend.out("StatusNotification")][2:] == [
        "Preparing"
    ] * 2
