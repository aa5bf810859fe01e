"""Every file of the device, and of the portable part of the world, is one that every runtime takes."""

import flash
from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/micropython/on_micropython/imports.py"


def modules():
    portable = [path.relative_to(ROOT) for path in (ROOT / "simulator/portable").glob("*.py")]
    paths = [path.with_suffix("") for path in [*flash.device_files(), *portable]]
    return sorted({".".join(path.parts).removesuffix(".__init__") for path in paths})


def check(done):
    assert (done.stderr, done.stdout) == ("", f"{len(modules())}\n")


def test_the_list_is_whole():
    assert {"boards", "control.controller", "hal.host", "firmware.compose"} < set(modules())
    assert "simulator.portable.world" in modules()


def test_the_unix_port_imports_everything(micropython):
    check(run(micropython, SCRIPT, *modules()))


def test_the_unix_port_imports_everything_as_it_is_compiled_for_a_board(micropython, tmp_path):
    flash.build(tmp_path)
    device = [name for name in modules() if not name.startswith("simulator")]
    done = run(micropython, SCRIPT, *device, path=tmp_path)
    assert (done.stderr, done.stdout) == ("", f"{len(device)}\n")


def test_the_webassembly_build_imports_everything(webassembly):
    check(webassembly(SCRIPT, *modules()))
