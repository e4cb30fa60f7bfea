"""What is hashed and how: the canonical form of an entry, its hash, its seal.

The canonical form is JSON with sorted keys, no white space and UTF-8 (in the spirit of RFC 8785).
A body is first made plain, so that what PostgreSQL's ``jsonb`` gives back is, character for
character, what was hashed: ``jsonb`` writes 1e5 as 100000 and forgets the sign of -0.0, so a whole
float becomes an integer before hashing; text keeps its code points, nothing is normalised.

Hashes are SHA-256 or SM3 (GB/T 32905-2016), named in every entry. Seals are HMAC-SHA256 with a key
that the database does not hold: a superuser of the database can compute hashes, but not seals.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import hmac
import json
import math
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from json.encoder import encode_basestring as _quoted
from typing import Any

ALGORITHMS = ("sha256", "sm3")
BEFORE_THE_FIRST = ""  # prev_hash of entry 1, prev_root of checkpoint 1
INTEGERS = range(-(2**63), 2**63)
_BLOCK = 64  # bytes of a block of SHA-256

_json = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)


def _encoder() -> Callable[[Any], str]:
    """What ``_json.encode`` does; in CPython without making its parts anew for each entry ever written."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return _json.encode
    parts = make(None, _json.default, _quoted, None, ":", ",", True, False, False)
    return lambda value: "".join(parts(value, 0)) if isinstance(value, dict) else _json.encode(value)


_encode = _encoder()


class HashUnavailableError(RuntimeError):
    """The hash that is configured, or that an entry names, cannot be computed on this machine."""


class NotPlainError(ValueError):
    """A body holds something that JSON or ``jsonb`` cannot keep exactly."""


def plain(value: object) -> Any:
    """``value`` as JSON that ``jsonb`` keeps exactly.

    Dates and times become ISO 8601 (times in UTC, six decimals), ``Decimal`` and ``UUID`` become
    text, enum members their value, tuples lists, whole floats integers.

    Raises :class:`NotPlainError` for NaN and infinities, integers beyond 64 bits, times without a zone,
    keys that are not text, U+0000 and lone surrogates, and any other type.
    """
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return _number(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return _as_text(value)


def _as_text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    raise NotPlainError(f"a ledger body cannot hold {value!r} of type {type(value).__name__}")


def _key(key: object) -> str:
    if isinstance(key, enum.Enum):
        key = key.value
    if not isinstance(key, str):
        raise NotPlainError(f"a key of a ledger body must be text, not {key!r}")
    return _text(key)


def _text(text: str) -> str:
    if "\x00" in text:
        raise NotPlainError("a ledger body cannot hold U+0000")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotPlainError(f"a ledger body holds text that is not Unicode: {error}") from None
    return str(text)


def _number(number: float | None) -> int | float | None:
    if number is None or isinstance(number, bool):
        return number
    if isinstance(number, float):
        if not math.isfinite(number):
            raise NotPlainError(f"a ledger body cannot hold {number}")
        if not number.is_integer():
            return float(number)
    whole = int(number)
    if whole not in INTEGERS:
        raise NotPlainError(f"a ledger body holds integers of 64 bits, not {number!r}")
    return whole


def moment(at: dt.datetime) -> str:
    """``at`` in UTC, ISO 8601 with six decimals; refuses a time without a zone."""
    if at.tzinfo is None:
        raise NotPlainError(f"{at!r} has no time zone")
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def canonical(value: object) -> bytes:
    """``value``, already plain, as canonical JSON."""
    return _encode(value).encode()


def digest(algorithm: str, *parts: bytes) -> str:
    """The hash of ``parts`` in hexadecimal; raises :class:`HashUnavailableError`, never falls back."""
    if algorithm not in ALGORITHMS:
        raise HashUnavailableError(f"ledger hash {algorithm!r} is not one of {', '.join(ALGORITHMS)}")
    try:
        hashing = hashlib.sha256() if algorithm == "sha256" else hashlib.new(algorithm)
    except ValueError:
        raise HashUnavailableError(
            f"ledger hash {algorithm!r} is not configured on this machine: its OpenSSL does not have it"
        ) from None
    for part in parts:
        hashing.update(part)
    return hashing.hexdigest()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an entry's hash covers; ``at`` as :func:`moment` writes it, ``body`` plain."""

    stream: str
    number: int
    kind: str
    at: str
    by: str
    body: Mapping[str, Any]
    prev_hash: str
    algorithm: str


def hash_of(facts: Facts) -> str:
    """The hash of an entry, in hexadecimal."""
    f = facts
    return hash_of_row(
        stream=f.stream,
        number=f.number,
        kind=f.kind,
        at=f.at,
        by=f.by,
        body=f.body,
        prev_hash=f.prev_hash,
        algorithm=f.algorithm,
    )


def hash_of_row(
    *,
    stream: str,
    number: int,
    kind: str,
    at: str,
    by: str,
    body: Mapping[str, Any],
    prev_hash: str,
    algorithm: str,
) -> str:
    """The same, for many: what is hashed is :func:`canonical` of all the facts by their names.

    They are joined here in that order, for it is done for every entry ever written, every night.
    """
    return digest(
        algorithm,
        f'{{"algorithm":{_quoted(algorithm)},"at":{_quoted(at)},"body":{_encode(body)},"by":{_quoted(by)}'
        f',"kind":{_quoted(kind)},"number":{number},"prev_hash":{_quoted(prev_hash)}'
        f',"stream":{_quoted(stream)}}}'.encode(),
    )


def _mac(key: bytes, message: str) -> str:
    return hmac.digest(key, message.encode(), "sha256").hex()


def entry_seal(key: bytes, entry_hash: str) -> str:
    return _mac(key, f"entry|{entry_hash}")


class Seals:
    """:func:`entry_seal` for many entries: HMAC (RFC 2104) with what the key does to each done once."""

    def __init__(self, key: bytes) -> None:
        block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + b"entry|")
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def of(self, entry_hash: str) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(entry_hash.encode())
        outer.update(inner.digest())
        return outer.hexdigest()


def head_mac(key: bytes, *, algorithm: str, stream: str, number: int, entry_hash: str) -> str:
    return _mac(key, f"head|{algorithm}|{stream}|{number}|{entry_hash}")


def checkpoint_seal(key: bytes, root: str) -> str:
    return _mac(key, f"checkpoint|{root}")


def same(left: str, right: str) -> bool:
    """Compare two seals in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def text_digest(salt: bytes, text: str) -> str:
    """What the ledger keeps of a personal text; without the salt it cannot be guessed back."""
    return "sha256:" + hashlib.sha256(salt + text.encode()).hexdigest()


def head_line(stream: str, number: int, entry_hash: str, previous: int) -> str:
    """How a changed head enters a checkpoint's root."""
    return f"{stream} {number} {entry_hash} {previous}"


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """What a checkpoint's root covers beside the changed heads; ``at`` as :func:`moment` writes it."""

    number: int
    at: str
    by: str
    streams: int
    entries: int
    prev_root: str
    algorithm: str


def checkpoint_root(facts: CheckpointFacts, lines: Iterable[str]) -> str:
    """The root over a checkpoint's facts and its changed heads, in the order of their streams."""
    parts = (b"\n" + line.encode() for line in lines)
    return digest(facts.algorithm, canonical(asdict(facts)), *parts)
