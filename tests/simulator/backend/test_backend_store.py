"""The store keeps everything over a restart, and says plainly when it cannot be opened."""

import sys
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from simulator.backend import passwords
from simulator.backend.database import open_engine
from simulator.backend.models import StatusReport
from simulator.backend.store import Sample, Start, Stop, Store, StoreError
from tests.simulator.backend.peers import NOON, Backend, HandClock, charger


def test_a_restart_on_the_same_file_keeps_everything(run, tmp_path, way):
    url = f"sqlite:///{tmp_path}/backend.sqlite"
    numbers: list[int] = []
    run(day_before_the_restart(url, way, numbers))
    run(day_after_the_restart(url, way, numbers[0]))


async def day_before_the_restart(url, way, numbers):
    """Leaves a row in every table, and in `numbers` that of a transaction that runs."""
    backend = Backend(url)
    backend.store.cards.add("CARD", label="Blue one")
    async with charger(backend, way) as point:
        await point.boot()
        numbers.append((await point.begin("2026-03-01T11:00:00Z")).transaction_id)
        await backend.central.remote_start("CP1", "CARD")
    backend.store.chargers.add_status(
        StatusReport(
            charger="CP1",
            connector=1,
            status="Charging",
            error_code="NoError",
            reported_at=NOON,
            received_at=NOON,
        )
    )
    backend.store.transactions.add_samples("CP1", 1, numbers[0], [Sample(NOON, "120")])
    backend.store.close()


async def day_after_the_restart(url, way, number):
    """Finds every row again, and goes on with the transaction."""
    backend = Backend(url)
    store = backend.store
    assert [(row.identity, row.model) for row in store.chargers.all()] == [("CP1", "M3")]
    assert [row.label for row in store.cards.all()] == ["Blue one"]
    assert [row.status for row in store.chargers.status("CP1")] == ["Charging"]
    assert [row.value for row in store.transactions.samples("CP1", number)] == ["120"]
    assert [row.action for row in store.commands.all("CP1")] == ["RemoteStartTransaction"]
    async with charger(backend, way) as point:
        # The charger missed the answer, sends again to the restarted backend, and then stops.
        assert (await point.begin("2026-03-01T11:00:00Z")).transaction_id == number
        await point.finish(number, "2026-03-01T11:10:00Z", 600)
    (kept,) = store.transactions.all(running=False)
    assert kept.start_received_at.tzinfo is not None
    assert kept.stopped_at == kept.started_at + timedelta(minutes=10)
    store.close()


def test_an_id_is_never_used_twice(tmp_path):
    url = f"sqlite:///{tmp_path}/backend.sqlite"
    store = Store(url, HandClock())
    store.chargers.add("CP1")
    first, _ = store.transactions.start("CP1", Start(1, "A", NOON, 0), "Accepted")
    with create_engine(url).begin() as connection:
        connection.execute(text("DELETE FROM transactions"))
    again, _ = store.transactions.start("CP1", Start(1, "A", NOON, 0), "Accepted")
    assert again.id > first.id
    store.close()


def test_the_first_stop_counts():
    store = Store("sqlite://", HandClock())
    store.chargers.add("CP1")
    number = store.transactions.start("CP1", Start(1, "A", NOON, 0), "Accepted")[0].id
    assert store.transactions.stop("CP1", number, Stop(NOON, 10, "Remote"))[1]
    assert not store.transactions.stop("CP1", number, Stop(NOON, 99, "Local"))[1]
    kept = store.transactions.get("CP1", number)
    assert kept is not None
    assert (kept.meter_stop_wh, kept.stop_reason) == (10, "Remote")
    with pytest.raises(KeyError, match="no charger is called 'CP2'"):
        store.chargers.register("CP2", "Accepted")
    store.close()


def test_cards_are_replaced_and_removed_in_any_case():
    store = Store("sqlite://", HandClock())
    store.cards.add("Abc")
    store.cards.add("aBC", status="Blocked")
    assert [(row.id_tag, row.status) for row in store.cards.all()] == [("aBC", "Blocked")]
    store.cards.remove("ABC")
    store.cards.remove("ABC")
    assert store.cards.get("abc") is None
    store.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("backend.sqlite", "'backend.sqlite' is not a SQLAlchemy URL; give one such as sqlite:///"),
        ("postgresql://me:S3CRET@host:port/x", "'postgresql' is not a SQLAlchemy URL"),
        ("sqlite:////no/such/folder/x.sqlite", "cannot be opened (unable to open database file); give one"),
        ("paper://x", "cannot be used (Can't load plugin: sqlalchemy.dialects:paper); install its driver"),
        ("oracle+oracledb://me:S3CRET@127.0.0.1/x", "install its driver or give another URL"),
    ],
)
def test_a_url_that_cannot_be_opened_is_one_sentence(url, told, monkeypatch):
    monkeypatch.setitem(sys.modules, "oracledb", None)
    with pytest.raises(StoreError) as error:
        open_engine(url)
    assert told in str(error.value)
    assert "S3CRET" not in str(error.value)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 200)
    with pytest.raises(StoreError, match="file is not a database"):
        open_engine(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear reader")


def test_passwords_are_kept_as_salted_hashes():
    kept = passwords.protect(b"key")
    assert passwords.matches(b"key", kept)
    assert not passwords.matches(b"Key", kept)
    assert passwords.protect(b"key") != kept
