"""The named files of a store, on a file system that renames in one step, as littlefs does."""

import os

from hal.contract import Store

ENOENT = 2


class Files(Store):
    """Replaced by writing a whole new one beside it, and renaming that: a power cut leaves one of the two."""

    folder = "/"
    """Where they are."""

    def load(self, name):
        """The bytes saved under `name`, or None. Of a file that is there and cannot be read nothing is left:
        b"", which whoever wrote it with a checksum does not take for what it was."""
        try:
            with open(self._path(name), "rb") as file:
                return file.read()
        except OSError as error:
            return None if error.args[0] == ENOENT else b""

    def save(self, name, data):
        """Replace a file. OSError: no room, or the flash refused; the old one is as it was."""
        path = self._path(name)
        fresh = path + ".new"
        try:
            with open(fresh, "wb") as file:
                file.write(data)
                file.flush()
        except OSError:
            _remove(fresh)
            raise
        os.rename(fresh, path)

    def _path(self, name):
        if not name or "/" in name:
            raise ValueError("'%s' cannot name a file of the store; use letters, digits and '_'" % name)
        return self.folder.rstrip("/") + "/" + name + ".saved"


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass  # half a file takes room, and no more
