"""Make a backup: the database as of one moment, then every file that it speaks of.

A file is stored before the document that names it and never changes, so one copied after the moment is
the one of the moment. Tables taken out (exports) lie for a week and can be asked for again: left out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import transaction

from qitong import __version__
from qitong.accounts.actors import Actor
from qitong.ledger.record import record
from qitong.server import clients
from qitong.server.backups import contents, files, manifest
from qitong.server.backups.manifest import Manifest, Part, WrongError

STREAM = "backup"
_DOCUMENTS = "SELECT DISTINCT sha256, size FROM datashare_document WHERE erased_at IS NULL ORDER BY sha256"


def back_up(folder: Path, *, with_files: bool = True, by: Actor, at: dt.datetime) -> Manifest:
    """Make a backup in ``folder``, which is empty, new, or holds one that was broken off.

    ``with_files=False`` leaves the files where they are (a bucket that keeps versions of its own) and only
    lists them. A file that is lost or not what its name says does not stop the backup: the manifest
    names it. Raises WrongError. One ledger entry in the stream ``backup``, after the moment of the copy.
    """
    _prepare(folder)
    with _one_moment() as (moment, snapshot):
        found = contents.count(moment)
        options = ("--format=custom", "--no-owner", f"--snapshot={snapshot}")
        clients.run("pg_dump", *options, f"--file={folder / manifest.DUMP}")
        with moment.cursor(name="documents") as documents:
            documents.itersize = 5000
            documents.execute(_DOCUMENTS)
            copied = files.copy_out(documents, folder, with_files=with_files)
    made = Manifest(
        program=__version__,
        made_at=at.isoformat(),
        contents=found,
        dump=part(folder / manifest.DUMP),
        list=part(folder / manifest.LIST),
        files=copied.files,
        bytes=copied.bytes,
        with_files=with_files,
        lost=tuple(copied.lost),
    )
    manifest.write(folder, made)
    body = {"dump": made.dump.sha256, "files": made.files, "entries": found.entries, "lost": made.lost}
    with transaction.atomic():
        record(STREAM, "backup.made", by=by.ref, at=at, body=body)
    return made


def part(path: Path) -> Part:
    """Size and SHA-256 of a file, after it is safe on the disk."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return Part(path.stat().st_size, digest)


def _prepare(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WrongError(f"{folder} is no folder; name another")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / manifest.NAME).exists():
        raise WrongError(f"{folder} already holds a complete backup; name another folder")
    strangers = {path.name for path in folder.iterdir()} - {
        manifest.DUMP,
        manifest.LIST,
        manifest.FILES,
        f"{manifest.NAME}.half",
    }
    if strangers:
        raise WrongError(f"{folder} holds something else: {min(strangers)}; name another folder")


@contextmanager
def _one_moment() -> Iterator[tuple[contents.Connection, str]]:
    """A transaction that sees one moment, and the name under which pg_dump sees the same."""
    with closing(clients.connect()) as moment:
        moment.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        [snapshot] = moment.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        yield moment, str(snapshot)
