"""`python -m simulator charger` as people and scripts use it, against the real backend over real sockets."""

import os
import signal
import socket

import pytest

from simulator.__main__ import main
from tests import authority
from tests.simulator.processes import BackendProcess, ChargerProcess, Process

NOBODY = "ws://127.0.0.1:1/ocpp"
PASSWORD = "sixteen-letters!"


@pytest.fixture
def backend(tmp_path):
    """A running backend."""
    with BackendProcess(tmp_path) as process:
        yield process


def test_a_charge_in_manual_time(backend):
    with ChargerProcess(backend.url, "--speed", 0) as charger:
        charger.begin_a_charge()
        charger.do("advance", s=600)
        charger.do("unplug")
        ended = charger.do("advance", s=20)
        assert ended["t_ms"] == 710_500
        backend.says(r"CP1/1: transaction 1 started with CARD at 0.000 kWh")
        backend.says(r"CP1/1: Charging")
        backend.says(r"CP1/1: transaction 1 stopped \(EVDisconnected\): 1\.\d+ kWh")
        charger.says(r"0:01:00\.[67] +connector 1 +status Preparing")
        charger.says(r"connector 1 +offers 32\.0 A a phase \(the rating of the charger\)")
        charger.says(
            r"-> backend +MeterValues: connector 1, register [\d.]+ kWh, power 1\d\.\d\d kW, current 16\.0/"
        )
        charger.says(
            r"connector 1 +transaction 1 stopped \(EVDisconnected\) at 1\.\d+ kWh: 1\.\d+ kWh charged"
        )


def test_time_stands_still_but_for_advance(backend):
    with ChargerProcess(backend.url, "--speed", 0) as charger:
        charger.wait("connected")
        assert charger.do("get")["t_ms"] == 500
        assert "--speed 0" in charger.ask("wait", **{"for": "t_ms>500", "timeout_s": 0.05})["error"]


def test_a_kill_in_the_midst_of_a_charge_loses_nothing(backend, tmp_path):
    state = ("--state", tmp_path / "state", "--speed", 0)
    with ChargerProcess(backend.url, *state) as charger:
        charger.begin_a_charge()
        charger.do("advance", s=1200)
        before = charger.do("get")["connectors"][0]
        assert before["world"]["energy_wh"] > 3000
        assert charger.end(signal.SIGKILL) == -signal.SIGKILL
    with ChargerProcess(backend.url, *state) as charger:
        charger.do("advance", s=30)
        after = charger.do("get")["connectors"][0]
        assert after["world"]["energy_wh"] == before["world"]["energy_wh"]
        assert after["energy_wh"] == before["world"]["energy_wh"]
        assert after["transaction"] == 0
        charger.says(r"-> backend +StopTransaction: transaction 1, PowerLoss, at 3\.\d+ kWh")
        backend.says(r"CP1/1: transaction 1 stopped \(PowerLoss\): 3\.\d+ kWh")
        charger.begin_a_charge()
        backend.says(r"CP1/1: transaction 2 started with CARD at 3\.\d+ kWh")


def test_a_kill_while_time_rushes_on_loses_nothing(backend, tmp_path):
    state = ("--state", tmp_path / "state", "--speed", 1000)
    with ChargerProcess(backend.url, *state) as charger:
        charger.wait("connected", 10_000)
        charger.do("plug")
        charger.do("swipe", id_tag="CARD")
        charger.wait("session_wh>=300", 100_000)
        before = charger.do("get")["connectors"][0]
        charger.end(signal.SIGKILL)
    with ChargerProcess(backend.url, *state) as charger:
        charger.says(r"transaction 1 stopped \(PowerLoss\)")
        after = charger.do("get")["connectors"][0]
        assert after["world"]["energy_wh"] >= before["world"]["energy_wh"]
        assert after["energy_wh"] >= before["energy_wh"] >= 300
        backend.says(r"CP1/1: transaction 1 stopped \(PowerLoss\)")


def test_settings_and_password_are_kept_with_the_state(backend, tmp_path):
    state = ("--state", tmp_path / "deep" / "state", "--speed", 0)
    with ChargerProcess(backend.url, *state, "--set", "metervaluesampleinterval=7") as charger:
        assert charger.end(signal.SIGTERM) == 0
    with ChargerProcess(backend.url, *state) as charger:
        assert charger.do("get")["settings"]["MeterValueSampleInterval"] == "7"


def test_number_of_connectors_chooses_the_board(backend):
    with ChargerProcess(backend.url, "--speed", 0, "--set", "NumberOfConnectors=2") as charger:
        charger.wait("connected")
        charger.do("plug", connector=2)
        charger.do("swipe", id_tag="CARD")
        charger.do("advance", s=30)
        charger.do("wait", connector=2, **{"for": "Charging"})
        assert len(charger.do("get")["connectors"]) == 2
        backend.says(r"CP1/2: Charging")


def test_real_time_has_its_meter_on_a_serial_line(backend):
    with ChargerProcess(backend.url, "--speed", 1) as charger:
        path = charger.says(r"meter +(/dev/\S+) \(connector 1")[1]
        assert os.path.exists(path)
        charger.wait("connected metered voltage_mv>200000")
        assert charger.end(signal.SIGINT) == 130


def test_hastened_time_charges_as_real_time_does(backend):
    with ChargerProcess(backend.url, "--speed", 200, "--quiet") as charger:
        charger.wait("connected", 1000)
        charger.do("plug")
        charger.do("swipe", id_tag="CARD")
        charger.wait("session_wh>=1000", 10_000)
        assert charger.do("get")["connectors"][0]["world"]["cycles"] == 1
        assert charger.end(signal.SIGTERM) == 0


def test_a_backend_that_knows_no_such_address_is_named_with_the_next_try(backend):
    with ChargerProcess(backend.url + "/too/deep", "--speed", 0) as charger:
        charger.says(r"no backend: HTTP 404 .*: the server knows no such path or charger; next try in \d s")
        assert charger.do("get")["connected"] is False
        charger.do("advance", s=1000)  # the same reason again fills no log
        charger.says(r"HTTP 404")


def test_a_backend_that_is_not_there_stops_nothing():
    with ChargerProcess(NOBODY, "--speed", 0, "--set", "LocalCards=CARD") as charger:
        charger.says(r"no backend: 127\.0\.0\.1:1 cannot be reached: .*; next try in \d s")
        charger.do("plug")
        charger.do("swipe", id_tag="CARD")
        charger.do("advance", s=30)
        charger.wait("Charging")


def test_a_state_folder_has_one_charger(tmp_path):
    with ChargerProcess(NOBODY, "--speed", 0, "--state", tmp_path) as charger:
        assert main(words("--state", str(tmp_path))) == 2
        assert charger.ask("get")["ok"]


def test_nobody_reads_the_lines_any_more():
    charger = Process("simulator", "charger", "--csms", NOBODY, "--id", "CP1")
    with charger:
        charger.says("control")
        charger.stop_reading()
        assert charger.exit_code() == 0


def words(*more):
    """A command line."""
    return ["charger", "--csms", NOBODY, "--id", "CP1", *more]


BAD = [
    (["--board", "moon"], "choose one of: simulated, simulated_two"),
    (["--set", "MeterValueSampleIntervall=1"], "did you mean MeterValueSampleInterval"),
    (["--set", "Xyzzy=1"], "there are: AllowOfflineTxForUnknownId"),
    (["--set", "MeterValueSampleInterval"], "KEY=VALUE"),
    (["--set", "MeterValueSampleInterval=often"], "MeterValueSampleInterval is a whole number"),
    (["--set", "NumberOfConnectors=3"], "simulated has 1, simulated_two has 2"),
    (["--set", "NumberOfConnectors=two"], "whole number"),
    (["--set", "NumberOfConnectors=2", "--board", "simulated"], "leave --board out"),
    (["--set", "BackendUrl=ws://x/"], "--csms"),
    (["--csms", "http://x/"], "use ws://HOST:PORT/PATH or wss://HOST:PORT/PATH"),
    (["--csms", "ws://127.0.0.1:99999/"], "1 to 65535"),
    (["--id", ""], "--id is empty"),
    (["--id", "x" * 49], "--id takes at most 48 characters"),
    (["--ca", "/no/such.pem"], "--ca /no/such.pem cannot be used: No such file or directory"),
    (["--ca", "/dev/null"], "--ca /dev/null cannot be used: no root certificates"),
    (["--ca", "pyproject.toml"], "pyproject.toml cannot be used: "),
    (["--ocpp", "2.0.1"], "--ocpp 1.6"),
    (["--speed", "-1"], "0.001 to 100000"),
    (["--speed", "nan"], "0.001 to 100000"),
    (["--speed", "0", "--patience", "-1"], "choose 0 to 86400"),
    (["--speed", "0", "--patience", "nan"], "choose 0 to 86400"),
    (["--id", "CP:1"], "--id: BackendIdentity takes ASCII letters"),
    (["--control", "65536"], "1 to 65535"),
    (["--state", "/dev/null"], "choose another folder"),
    (["--state", "/proc/nowhere"], "choose another folder"),
]


@pytest.mark.parametrize(("more", "hint"), BAD, ids=str)
def test_bad_input_is_one_sentence_and_exit_code_2(more, hint, capsys):
    assert main(words(*more)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert hint in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ([], "COMMAND"),
        (["dance"], "choose from"),
        (["charger"], "--csms"),
        (words("--wings"), "--wings"),
        (words("--speed", "fast"), "'fast'"),
        (words("--control", "http"), "'http'"),
    ],
    ids=str,
)
def test_a_bad_command_line_is_one_sentence_and_exit_code_2(line, hint, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(line)
    said = capsys.readouterr().err
    assert hint in said
    assert said.count("\n") == 1


def test_a_password_that_cannot_be_is_not_repeated(capsys):
    assert main(words("--password", "s3cret with blanks")) == 2
    said = capsys.readouterr().err
    assert said.endswith(
        "--password: AuthorizationKey takes ASCII letters, digits and signs, and no blanks\n"
    )


def test_a_password_that_is_too_long_is_not_repeated(capsys):
    assert main(words("--password", "s3cret" * 10)) == 2
    said = capsys.readouterr().err
    assert "--password takes at most 40 characters, not 60" in said
    assert "s3cret" not in said


def test_a_control_port_in_use_is_named(capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(words("--control", str(port))) == 2
    assert f"--control {port} cannot be opened" in capsys.readouterr().err


def test_a_state_that_cannot_be_read_is_named_without_a_number(tmp_path, capsys):
    (tmp_path / "sectors.bin").mkdir()
    (tmp_path / "meter-1").mkdir()
    assert main(words("--state", str(tmp_path))) == 2
    said = capsys.readouterr().err
    assert "Errno" not in said
    assert "choose another" in said


@pytest.mark.parametrize(("name", "content"), [("sectors.bin", b"short"), ("meter-1", b"full\n")])
def test_a_state_that_is_no_state_is_refused_and_left_alone(name, content, tmp_path, capsys):
    (tmp_path / name).write_bytes(content)
    assert main(words("--state", str(tmp_path))) == 2
    assert name in capsys.readouterr().err
    assert (tmp_path / name).read_bytes() == content


@pytest.fixture
def secure(tmp_path):
    """A running backend with TLS, whose charger CP1 has the password PASSWORD, and the root to trust."""
    root = authority.root()
    certificate, key = root.issue().files(tmp_path / "server")
    ca = tmp_path / "root.pem"
    ca.write_bytes(root.pem)
    options = ("--certificate", certificate, "--key", key, "--password", f"CP1={PASSWORD}")
    with BackendProcess(tmp_path, *options) as process:
        assert process.url.startswith("wss://")
        yield process.url, ca


def test_a_secure_backend_is_trusted_by_its_root_which_is_kept_with_the_state(secure, tmp_path):
    url, ca = secure
    state = ("--state", tmp_path / "state", "--speed", 0)
    with ChargerProcess(url, *state, "--password", PASSWORD, "--ca", ca) as charger:
        charger.wait("connected")
        assert charger.do("get")["settings"]["SecurityProfile"] == "2"
        assert charger.end(signal.SIGTERM) == 0
    with ChargerProcess(url, *state) as charger:
        charger.wait("connected")


def test_a_secure_backend_without_a_way_in_is_one_line_with_its_reason(secure):
    url, ca = secure
    with ChargerProcess(url, "--speed", 0, "--password", PASSWORD) as charger:
        charger.says(r"no backend: 127.0.0.1:\d+ cannot be reached: none of the charger's root certificates")
    with ChargerProcess(url, "--speed", 0, "--password", "x" * 16, "--ca", ca) as charger:
        charger.says(r"no backend: HTTP 401 .*identity or password was refused; next try in \d s")
        assert not charger.do("get")["connected"]
    with ChargerProcess(url, "--speed", 0, "--ca", ca) as charger:
        charger.says(
            r"BackendUrl is not in force: SecurityProfile 2 asks for a password: set AuthorizationKey"
        )


@pytest.mark.parametrize(("options", "profile"), [((), "0"), (("--password", PASSWORD), "1")])
def test_a_plain_address_says_by_itself_how_secure_it_is(backend, tmp_path, options, profile):
    state = ("--state", tmp_path / "state", "--speed", 0)
    with ChargerProcess(backend.url, *state, *options) as charger:
        charger.wait("connected")
        assert charger.do("get")["settings"]["SecurityProfile"] == profile
        charger.do("set", key="SecurityProfile", value="2")
        charger.do("set", key="AuthorizationKey", value=PASSWORD)
    with ChargerProcess(backend.url, *state, *options) as charger:
        # It was raised since, and the same command lowers nothing.
        assert charger.do("get")["settings"]["SecurityProfile"] == "2"
