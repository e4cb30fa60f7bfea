"""How often something may be asked: so many times at once, and as many again within a while."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

_SHAPE = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,3})([smh])")
_UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Allowance:
    """``times`` at once; each one used comes back after ``step``, all of them after ``within``.

    That is the generic cell rate algorithm (ITU-T I.371): one moment says all that is to be known.
    """

    times: int
    within: dt.timedelta

    @property
    def step(self) -> dt.timedelta:
        return self.within / self.times


USUAL: Mapping[str, str] = {
    "login": "120/10m",
    "code": "60/1h",
    "register": "20/1h",
    "upload": "300/1h",
    "lookup": "60/10m",
    "search": "300/5m",
    "feed": "600/1h",
    "api": "600/1m",
}
"""What may be asked by an address (login, code, register, lookup, feed, and whatever nobody signed in for),
by a person (upload, search) or by a token (api). A whole office may share an address."""


def parse(text: str) -> dict[str, Allowance]:
    """``login=30/5m,search=off`` over what is usual; ``off`` leaves a name out. ValueError for others."""
    given = dict(_pair(part) for part in text.split(",") if part.strip())
    return {name: _allowance(name, value) for name, value in {**USUAL, **given}.items() if value != "off"}


def _pair(part: str) -> tuple[str, str]:
    name, _, value = (piece.strip() for piece in part.partition("="))
    if name not in USUAL:
        raise ValueError(f"{name!r} is not one of: {', '.join(USUAL)}")
    return name, value


def _allowance(name: str, value: str) -> Allowance:
    found = _SHAPE.fullmatch(value)
    if found is None:
        raise ValueError(f"{name}={value!r} is not like 30/5m (s, m or h), nor off")
    return Allowance(int(found[1]), dt.timedelta(seconds=int(found[2]) * _UNITS[found[3]]))
