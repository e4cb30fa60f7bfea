"""Whether a backup is whole: read from its first byte to its last, nothing else is touched."""

from __future__ import annotations

from pathlib import Path

from qitong.server.backups import files, manifest
from qitong.server.backups.make import part
from qitong.server.backups.manifest import Manifest, WrongError


def check(folder: Path) -> Manifest:
    """The manifest of a whole backup. Raises WrongError, naming the first thing that is wrong."""
    wanted = manifest.read(folder)
    for name, written in ((manifest.DUMP, wanted.dump), (manifest.LIST, wanted.list)):
        try:
            found = part(folder / name)
        except FileNotFoundError:
            raise WrongError(f"{name} is not in the backup") from None
        if found != written:
            raise WrongError(f"{name} is not as it was written: {found.size} bytes, SHA-256 {found.sha256}")
    if wanted.with_files:
        files.check(folder, wanted)
    return wanted
