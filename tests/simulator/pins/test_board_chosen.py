"""`--board`: a scenario, or a charger, on a board of copper."""

import json

import pytest

from simulator import choices
from simulator.scenario import run

STORY = """
title = "A charge"
seed = 1
cards = ["04A1B2C3"]

[[step]]
expect = "connected Available"
within = 2

[[step]]
at = 65
do = "plug"
ev = { max_a = 16, phases = 3 }

[[step]]
at = 68
do = "swipe"
id_tag = "04A1B2C3"

[[step]]
expect = "Charging id_tag=04A1B2C3 offered_ma=32000 limit_reason=hardware"
within = 6

[[step]]
expect = "power_w>=10800 power_w<=11200 world.current_ma=16000 metered"
within = 10

[expect]
events = ["self_test verdict=pass", "plugged", "contactor close=true", "status status=Charging"]
"""


def arguments(scenario, board):
    """The command line as argparse gives it."""
    values = {"scenario": str(scenario), "json": True, "seed": None, "board": board}
    return type("Arguments", (), values)()


@pytest.mark.parametrize("board", ["pico_2_w", "esp32_s3"])
@pytest.mark.parametrize("clock_ms", [0, 1_073_671_824], ids=["early", "wrapping"])
def test_a_scenario_holds_on_a_board_of_copper(board, clock_ms, tmp_path, capsys):
    path = tmp_path / "charge.toml"
    path.write_text(f"clock_ms = {clock_ms}\n{STORY}")

    code = run(arguments(path, board))

    told = json.loads(capsys.readouterr().out)
    assert told["summary"]["failures"] == []
    assert code == 0
    assert told["summary"]["board"] == board


def test_a_board_that_nobody_simulates_is_refused(capsys):
    assert run(arguments("first_charge", "linux")) == 2

    reason = json.loads(capsys.readouterr().out)["error"]
    assert reason.startswith("no board called 'linux' is simulated; choose one of: simulated, simulated_two,")


def test_a_charger_may_be_a_board_of_copper():
    assert choices.board("pico_2_w", {}) == "pico_2_w"
    with pytest.raises(choices.Unusable, match="NumberOfConnectors=1, not 2"):
        choices.board("esp32_s3", {"NumberOfConnectors": "2"})
    assert choices.board(None, {"NumberOfConnectors": "1"}) == "simulated"
