"""The last page of a backup: what is in it and what the database held, sealed with the ledger's key."""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qitong.ledger.record import ledger_key
from qitong.server.backups.contents import Contents

NAME = "manifest.json"
DUMP = "database.dump"
FILES = "files"
LIST = "files.txt"
FORMAT = 1


class WrongError(Exception):
    """The first thing that is not as it must be; its text names the place."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the backup: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``files`` and ``bytes`` count what should be there; ``lost`` names what already was not, or was not
    what its name says, when the backup was made. ``with_files``: whether they lie in the backup."""

    program: str
    made_at: str
    contents: Contents
    dump: Part
    list: Part
    files: int
    bytes: int
    with_files: bool
    lost: tuple[str, ...] = ()
    format: int = FORMAT


def write(folder: Path, manifest: Manifest) -> None:
    """Under another name first: a manifest that exists is whole."""
    facts = asdict(manifest)
    half = folder / f"{NAME}.half"
    with half.open("w") as file:
        json.dump({**facts, "seal": _seal(facts)}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    half.replace(folder / NAME)


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises WrongError: not there, not readable, not sealed with this key."""
    try:
        facts: dict[str, Any] = json.loads((folder / NAME).read_text())
        seal = facts.pop("seal")
    except FileNotFoundError:
        raise WrongError(f"{folder} is not a complete backup: it has no {NAME}") from None
    except (ValueError, KeyError, AttributeError):
        raise WrongError(f"{NAME} cannot be read") from None
    if facts.get("format") != FORMAT:
        raise WrongError(f"{NAME} has format {facts.get('format')}; this program reads {FORMAT}")
    if not hmac.compare_digest(seal, _seal(facts)):
        raise WrongError(f"{NAME} was changed, or QITONG_LEDGER_KEY is not the key it was sealed with")
    contents = facts | {"contents": Contents.of(facts["contents"]), "lost": tuple(facts["lost"])}
    return Manifest(**contents | {name: Part(**facts[name]) for name in ("dump", "list")})


def _seal(facts: dict[str, Any]) -> str:
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(ledger_key(), f"backup|{text}".encode(), "sha256").hex()
