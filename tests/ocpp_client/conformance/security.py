"""Dialogues of security profiles 0 to 2 (whitepaper, edition 3, A00, A01 and A05). Those with a password
are the same with TLS, over sockets; which servers TLS keeps away is the matter of
`test_secured_link.py`."""

from tests.ocpp_client.conformance.stage import equal, holds

FIRST, SECOND = "sixteen-letters!", "seventeen-letters"
LATER = (
    "CertificateSigned",
    "ExtendedTriggerMessage",
    "GetLog",
    "InstallCertificate",
    "SignedUpdateFirmware",
)


async def unsecured_it_shows_no_password(stage):
    await stage.begin()
    equal(stage.handshakes, [("CP1", None)])
    equal(await stage.value("SecurityProfile"), "0")


async def with_a_password_it_shows_identity_and_password(stage):
    stage.welcomes = lambda identity, password: password == FIRST.encode()
    await stage.begin(AuthorizationKey=FIRST)
    equal(stage.handshakes, [("CP1", FIRST.encode())])
    equal(await stage.value("SecurityProfile"), stage.profile)
    equal(await stage.value("AuthorizationKey"), None)


async def a_server_that_refuses_it_hears_no_frame_and_ends_no_charge(stage):
    stage.welcomes = lambda identity, password: False
    await stage.power_on(AuthorizationKey=FIRST, PlugAndCharge="true")
    await stage.time(5)
    await stage.plug()
    await stage.time(20)
    equal(stage.frames, [])
    holds(2 <= len(stage.handshakes) <= 6, stage.handshakes)
    stage.welcomes = lambda identity, password: True
    await stage.expect("StartTransaction", 60)
    await stage.expect("StatusNotification", connectorId=stage.connector, status="Charging")


async def a_new_password_counts_at_once(stage):
    known = [FIRST.encode()]
    stage.welcomes = lambda identity, password: password in known
    await stage.begin(AuthorizationKey=FIRST)
    known.append(SECOND.encode())
    equal(await stage.change("AuthorizationKey", SECOND), "Accepted")
    known.remove(FIRST.encode())
    await stage.time(10)
    equal(stage.handshakes[1:], [("CP1", SECOND.encode())])
    equal(await stage.value("SecurityProfile"), stage.profile)
    equal(len(stage.sent("BootNotification")), 1)


async def a_new_password_that_is_refused_gives_way_to_the_old_one(stage):
    stage.welcomes = lambda identity, password: password == FIRST.encode()
    await stage.begin(AuthorizationKey=FIRST)
    equal(await stage.change("AuthorizationKey", SECOND), "Accepted")
    await stage.time(40)
    holds(("CP1", SECOND.encode()) in stage.handshakes, stage.handshakes)
    equal(stage.handshakes[-1], ("CP1", FIRST.encode()))
    await stage.power("off")
    await stage.power("on")
    await stage.expect("BootNotification", 30)
    equal(stage.handshakes[-1], ("CP1", FIRST.encode()))


async def a_profile_is_only_ever_raised(stage):
    await stage.begin()
    equal(await stage.change("SecurityProfile", "1"), "Rejected")  # there is no password yet
    equal(await stage.change("AuthorizationKey", "fifteen letters"), "Rejected")
    equal(await stage.change("AuthorizationKey", FIRST), "Accepted")
    equal(await stage.change("SecurityProfile", "1"), "Accepted")
    await stage.time(10)
    equal(stage.handshakes[-1], ("CP1", FIRST.encode()))
    equal(await stage.change("SecurityProfile", "0"), "Rejected")
    equal(await stage.value("SecurityProfile"), "1")


async def a_profile_that_does_not_connect_gives_way_to_the_old_one(stage):
    await stage.begin(AuthorizationKey=FIRST)
    equal(await stage.change("SecurityProfile", "2"), "Accepted")
    await stage.time(120)
    equal(await stage.value("SecurityProfile"), "1")
    equal(len(stage.sent("BootNotification")), 1)


async def what_is_not_spoken_yet_is_told_so(stage):
    await stage.begin()
    for action in LATER:
        equal(await stage.refused(action), "NotSupported")


WITH_PASSWORD = (
    with_a_password_it_shows_identity_and_password,
    a_server_that_refuses_it_hears_no_frame_and_ends_no_charge,
    a_new_password_counts_at_once,
    a_new_password_that_is_refused_gives_way_to_the_old_one,
)
