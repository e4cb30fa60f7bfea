"""The files of a backup: out of the store, checked where they lie, and back into the store."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from qitong.datashare import storage
from qitong.server.backups import manifest
from qitong.server.backups.manifest import Manifest, WrongError


@dataclass(slots=True)
class Copied:
    files: int = 0
    bytes: int = 0
    lost: list[str] = field(default_factory=list)


def copy_out(documents: Iterable[tuple[str, int]], folder: Path, *, with_files: bool) -> Copied:
    """Write the list and, unless they stay where they are, the files; what a broken-off backup copied
    already and is right is not copied again. Synced to the disk."""
    copied, store = Copied(), storage.store()
    with (folder / manifest.LIST).open("w") as listed:
        for sha256, size in documents:
            listed.write(f"{sha256} {size}\n")
            copied.files, copied.bytes = copied.files + 1, copied.bytes + size
            there = _take(store, sha256, size, folder) if with_files else store.exists(sha256, size)
            if not there:
                copied.lost.append(sha256)
    return copied


def check(folder: Path, wanted: Manifest) -> None:
    """Read every file of the backup. Raises WrongError, naming the first that is not as it must be."""
    for sha256, size in _listed(folder):
        path = _place(folder, sha256)
        if sha256 in wanted.lost:
            continue
        try:
            with path.open("rb") as file:
                right = path.stat().st_size == size and _hash(file) == sha256
        except FileNotFoundError:
            raise WrongError(f"file {sha256} is not in the backup") from None
        if not right:
            raise WrongError(f"file {sha256} is not what its name says: {path}")


def bring_back(folder: Path, wanted: Manifest) -> None:
    """Put the files into the store, which may hold some or all of them already."""
    store = storage.store()
    for sha256, size in _listed(folder):
        if sha256 in wanted.lost or _is_right(store, sha256, size):
            continue
        with _place(folder, sha256).open("rb") as file:
            if store.put(file)[0] != sha256:
                raise WrongError(f"file {sha256} is not what its name says")


def verify(folder: Path, wanted: Manifest) -> None:
    """Read every listed file from the store. Raises WrongError, naming the first that is not right."""
    store = storage.store()
    for sha256, size in _listed(folder):
        if sha256 not in wanted.lost and not _is_right(store, sha256, size):
            raise WrongError(f"file {sha256} is not in the store, or not what its name says")


def _take(store: storage.Store, sha256: str, size: int, folder: Path) -> bool:
    """Copy one file; whether it is there now and right."""
    path = _place(folder, sha256)
    if path.exists() and path.stat().st_size == size:
        with path.open("rb") as file:
            if _hash(file) == sha256:
                return True
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with closing(store.open(sha256)) as source, path.open("wb") as target:
            for chunk in storage.chunks(source):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except FileNotFoundError:
        return False
    if digest.hexdigest() != sha256:
        path.unlink()
        return False
    return True


def _listed(folder: Path) -> Iterator[tuple[str, int]]:
    with (folder / manifest.LIST).open() as lines:
        for line in lines:
            sha256, size = line.split()
            yield sha256, int(size)


def _place(folder: Path, sha256: str) -> Path:
    return folder / manifest.FILES / storage.place(sha256)


def _is_right(store: storage.Store, sha256: str, size: int) -> bool:
    if not store.exists(sha256, size):
        return False
    with closing(store.open(sha256)) as file:
        return _hash(file) == sha256


def _hash(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    for chunk in storage.chunks(file):
        digest.update(chunk)
    return digest.hexdigest()
