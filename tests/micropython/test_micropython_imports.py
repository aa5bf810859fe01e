"""Every file of the device, and of the portable part of the world, is one that every runtime takes. What
works with a processor's pins is imported on one (tests/simulator/pins)."""

import flash
from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/micropython/on_micropython/imports.py"


ON_PINS = ("hal.gpio", "hal.wifi", "hal.rp2", "hal.esp32")


def modules():
    portable = [path.relative_to(ROOT) for path in (ROOT / "simulator/portable").glob("*.py")]
    paths = [path.with_suffix("") for path in [*flash.device_files(), *portable]]
    names = {".".join(path.parts).removesuffix(".__init__") for path in paths}
    return sorted(name for name in names if not name.startswith(ON_PINS))


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
