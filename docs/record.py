"""Draws docs/first-charge.svg: what `DEMO=1 make run` shows on a terminal, from a real run of it.

.venv/bin/python docs/record.py
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from simulator import demo
from simulator.clockwork import kernel

PICTURE = Path(__file__).with_name("first-charge.svg")
COLUMNS = 90


def main():
    """Record one charge; exit code 1, and no picture, when it did not happen."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[2])
    demo.add_arguments(parser)
    arguments = parser.parse_args(["--once"])
    console = Console(
        record=True,
        force_terminal=True,
        color_system="truecolor",
        width=COLUMNS,
        highlight=False,
        markup=False,
    )
    sys.stdin = open(os.devnull)  # noqa: SIM115  # nobody types into the picture
    console.print(Text("$ DEMO=1 make run", style="bold"))
    with tempfile.TemporaryDirectory(prefix="mode3-") as folder:
        code = kernel.run(demo.Demo(arguments, folder, console).live(), kernel.Paced())
    if code == 0:
        PICTURE.write_text(_plain(console.export_svg(title="DEMO=1 make run", unique_id="mode3")))
    return code


def _plain(svg):
    """Without the fonts from elsewhere: a picture fetches nothing."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code,", "ui-monospace,Menlo,Consolas,DejaVu Sans Mono,").rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
