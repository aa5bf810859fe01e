"""An energy meter's register that outlives the process, as a real meter's outlives a power cut."""

from simulator.portable.energy import Energy

DIGITS = 12


class KeptEnergy(Energy):
    """An `Energy` whose import register is a line of digits in a file, written at every change.

    The file holds a value before anybody can read it, so the register never goes back, even over SIGKILL,
    which cannot come in the midst of one short write. OSError: the file cannot be used; ValueError: it holds
    no register.
    """

    def __init__(self, mains, path):
        self._path = path
        self._energy_wh = self._read()
        super().__init__(mains)

    @property
    def energy_wh(self):
        """Import register."""
        return self._energy_wh

    @energy_wh.setter
    def energy_wh(self, energy_wh):
        if energy_wh > self._energy_wh:
            with open(self._path, "r+b", buffering=0) as file:
                file.write(b"%0*d Wh\n" % (DIGITS, energy_wh))
            self._energy_wh = energy_wh

    def _read(self):
        with open(self._path, "a+b") as file:
            file.seek(0)
            line = file.read(2 * DIGITS)
        digits = line.removesuffix(b" Wh\n")
        if line and not digits.isdigit():
            raise ValueError(f"{self._path} holds no meter register; remove it to begin at 0 Wh")
        return int(digits or 0)
