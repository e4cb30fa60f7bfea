"""Prometheus' text format, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Family:
    """All samples of one name. ``kind`` is gauge, counter or histogram; samples may add an ending."""

    name: str
    kind: str
    help: str
    samples: tuple[tuple[str, Labels, float], ...]


def gauge(name: str, about: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    return Family(name, "gauge", about, tuple(("", labels, value) for labels, value in samples))


def one(name: str, about: str, value: float | None) -> Family:
    """A gauge without labels; without a value it has no sample, which is not the same as 0."""
    return gauge(name, about, [] if value is None else [((), value)])


def text(families: Iterable[Family]) -> str:
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {_escaped(family.help)}"
    yield f"# TYPE {family.name} {family.kind}"
    for ending, labels, value in family.samples:
        named = ",".join(f'{name}="{_escaped(said, quote=True)}"' for name, said in labels)
        yield f"{family.name}{ending}{f'{{{named}}}' if named else ''} {_number(value)}"


def _escaped(said: str, *, quote: bool = False) -> str:
    said = said.replace("\\", "\\\\").replace("\n", "\\n")
    return said.replace('"', '\\"') if quote else said


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
