"""Files of a store on MicroPython's own littlefs: whenever the power goes, the old or new one is there."""

from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/hal/on_micropython/littlefs_cuts.py"


def test_a_file_is_the_old_or_the_new_one_after_a_cut_at_any_write(micropython):
    done = run(micropython, SCRIPT, options=("-X", "heapsize=4m"))
    assert done.stderr == ""
    # Files that a cut left open are closed by the garbage collector, which says that this is in vain.
    lines = [line for line in done.stdout.splitlines() if not line.startswith("OSError: ")]
    blocks, *rows, end = lines
    assert (blocks, end) == ("12", "True"), "the superblock says how far it reaches"
    assert len(rows) == 4 * 2 * 4
    for row in rows:
        cuts, old, new = map(int, row.split()[-3:])
        assert cuts == old + new
        assert old >= 3, "until the rename the old one is there"
    assert sum(int(row.split()[-1]) for row in rows) > 0, "a cut behind the rename leaves the new one"
