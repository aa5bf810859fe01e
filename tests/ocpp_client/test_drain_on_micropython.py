"""What waited for a network takes no more heap on its way out, however much it is; tests/bench/drain.py has
the figures for 1,000 transactions."""

from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/ocpp_client/on_micropython/drain.py"


def test_ten_times_the_transactions_take_the_same_heap(micropython, tmp_path):
    peaks = []
    for count in (20, 200):
        folder = str(tmp_path / str(count))
        for task in ("fill", "weigh"):
            options = ("-X", "heapsize=1m")
            done = run(micropython, SCRIPT, folder, task, str(count), options=options)
            assert done.stderr == ""
        begun, ended, peak_bytes = map(int, done.stdout.split())
        assert begun == ended == count
        peaks.append(peak_bytes)
    # The journal keeps two small integers a sector in use.
    assert peaks[1] - peaks[0] < 1024
