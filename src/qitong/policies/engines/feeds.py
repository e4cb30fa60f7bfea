"""A file of what a department holds of companies, CSV or Parquet, read row by row; or where it is wrong.

A row is a company, named by its code in ``uscc``; every other column is a fact under the name and in the unit
of its input, as in :mod:`companies`. An empty cell says nothing. In CSV (UTF-8, with a line of names) truths
are ``true`` or ``false``, days ``2026-01-31``, several codes are joined by ``|``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from qitong.kernel import uscc as codes
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.kernel.yamlmarks import Problem
from qitong.policies.engines.companies import Unreadable, fits, wrong_names, wrong_type
from qitong.policies.logic import keeping, reading
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind
from qitong.policies.receiving import Row

KEY = "uscc"
MOST = 50
"""So many mistakes are told; who made as many has made them everywhere."""
SLICE = 10_000
_TRUTHS = {"true": True, "false": False, "是": True, "否": False}


def read(path: Path, fields: Mapping[str, FieldSpec]) -> Iterator[Row]:
    """One company after another. :class:`Unreadable` before the first, or after the last, with all places."""
    is_csv = path.suffix.lower() == ".csv"
    frame = _opened(path, is_csv=is_csv)
    problems = [_problem(path, s) for s in wrong_names(frame.columns, fields, KEY)]
    for name, dtype in frame.schema.items():
        if name == KEY and dtype != pl.String:
            problems.append(
                _problem(path, say("列{name}应为文本，不是{dtype}。", name=KEY, dtype=str(dtype)))
            )
        elif name in fields and not is_csv and not fits(fields[name], dtype):
            problems.append(_problem(path, wrong_type(fields[name], dtype)))
    if problems:
        raise Unreadable(problems)
    return _rows(path, frame, fields, is_csv=is_csv)


def _opened(path: Path, *, is_csv: bool) -> pl.DataFrame:
    try:
        if is_csv:  # decoded here: a name in another encoding would be read as something else
            return pl.read_csv(path.read_text(encoding="utf-8-sig").encode(), infer_schema=False)
        return pl.read_parquet(path)
    except (OSError, UnicodeDecodeError, pl.exceptions.PolarsError) as error:
        kind = "CSV（UTF-8）" if is_csv else "Parquet"
        sentence = say("不是可读的{kind}文件：{reason}。", kind=kind, reason=str(error).partition("\n")[0])
        raise Unreadable([_problem(path, sentence)]) from None


def _rows(path: Path, frame: pl.DataFrame, fields: Mapping[str, FieldSpec], *, is_csv: bool) -> Iterator[Row]:
    problems: list[Problem] = []
    columns, seen = frame.columns, dict[str, int]()
    for number, cells in enumerate((row for part in frame.iter_slices(SLICE) for row in part.iter_rows()), 1):
        uscc = ""
        facts: dict[str, Any] = {}
        for place, (name, raw) in enumerate(zip(columns, cells, strict=True), 1):
            try:
                if name == KEY:
                    uscc = _code(raw, number, seen)
                elif raw is not None:
                    facts[name] = _value(fields[name], raw, is_text=is_csv)
            except Refused as refused:
                told = {"row": number, "column": name, "reason": refused.sentence}
                line = (number + 1, place) if is_csv else (1, 1)
                problems.append(Problem(str(path), *line, say("第{row}行，列{column}：{reason}", **told)))
        if len(problems) >= MOST:
            break
        if not problems:
            yield Row(uscc, facts)
    if problems:
        raise Unreadable(problems)


def _code(raw: str | None, number: int, seen: dict[str, int]) -> str:
    uscc = codes.normalise(raw or "")
    if why := codes.why_not(uscc):
        raise Refused(why)
    if uscc in seen:
        raise Refused(say("{uscc}与第{row}行重复。", uscc=uscc, row=seen[uscc]))
    seen[uscc] = number
    return uscc


def _value(spec: FieldSpec, raw: Any, *, is_text: bool) -> Any:
    """A cell in base units; exact: a float stands for the decimal it was written as."""
    if is_text:
        raw = _typed(spec, raw)
    elif isinstance(raw, dt.date):
        raw = raw.isoformat()
    return keeping.keepable(spec, reading.value(spec, raw))


def _typed(spec: FieldSpec, text: str) -> Any:
    if spec.of.most:
        return keeping.number(spec, text)
    if spec.kind is Kind.BOOL:
        return _TRUTHS.get(text.strip().lower(), text)
    return text.split("|") if spec.kind is Kind.CODES else text.strip()


def _problem(path: Path, sentence: Sentence) -> Problem:
    return Problem(str(path), 1, 1, sentence)
