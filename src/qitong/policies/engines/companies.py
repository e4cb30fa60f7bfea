"""A Parquet file of companies, checked as a whole and read into columns; or the places of what is wrong.

A row is a company, ``company_id`` (whole number or text) its name for us, every other column a fact under the
name and in the unit of its input: ``sales_last`` in 万元, ``vat_payable_yuan`` in 元, ratios as 0.05; null is
missing. A float stands for the decimal that it was written as; one with more places than the fact has is
refused, as a quotient that was not cut off, so nothing is rounded; and so is a float of 32 bits. Columns that
no policy asks for are left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path

import polars as pl

from qitong.kernel.words import Sentence, say
from qitong.kernel.yamlmarks import Problem
from qitong.policies.engines.columns import ID
from qitong.policies.library import packaged_facts
from qitong.policies.logic.keeping import EARLIEST, LATEST
from qitong.policies.logic.reading import LONGEST_CODE, out_of_range, too_fine, written
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind

ON = "qitong.on"
"""Under this name the file says which day it is of."""
_NOISE = 2.0**-50
"""How far, in proportion, a float may be from the decimal it stands for."""
_SLIP = 0.85
"""How alike two names are of which one must be a slip of the pen."""
_TINY = 1e-6
"""Of a smallest amount: no file says so little."""
_ONES = 1.5 * 2.0**52
_HALF = 2**51
"""A number below it and ``_ONES`` make a float between 2^52 and 2^53, where floats are the whole numbers."""
_TOO_WIDE = (pl.Int128, pl.UInt128)
_TOO_COARSE = tuple(getattr(pl, name) for name in ("Float16", "Float32") if hasattr(pl, name))
"""Of 500 万元 such a number cannot tell a 分: one yuan below a bound would be at it."""
_TYPES: dict[Kind, pl.DataType] = {
    Kind.BOOL: pl.Boolean(),
    Kind.CODE: pl.String(),
    Kind.CODES: pl.List(pl.String()),
    Kind.DATE: pl.Date(),
}


class Unreadable(Exception):
    """What is wrong with the file, each with its place; nothing of it was used."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read(path: Path, fields: Mapping[str, FieldSpec], wanted: Collection[str] | None = None) -> pl.DataFrame:
    """All companies with the facts in ``wanted`` (None: all there are). Unreadable with all problems."""
    try:
        lazy = pl.scan_parquet(path)
        schema = lazy.collect_schema()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise Unreadable(
            [_problem(path, say("不是可读的 Parquet 文件：{reason}。", reason=str(error)))]
        ) from None
    problems = [_problem(path, sentence) for sentence in _misspelt(schema.names(), fields)]
    if ID in schema:
        problems += [_problem(path, s) for s in _id_type(schema[ID])]
    for name, dtype in schema.items():
        if name in fields and not fits(fields[name], dtype):
            problems.append(_problem(path, wrong_type(fields[name], dtype)))
    if problems:
        raise Unreadable(problems)
    names = [name for name in schema.names() if name in fields and (wanted is None or name in wanted)]
    frame = lazy.select(ID, *names).collect()
    problems = [_problem(path, sentence) for sentence in _ids(frame[ID])]
    columns = [frame.drop_in_place(ID)]
    ids = columns[0]
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:  # one at a time would leave cores idle
        # Nobody else holds a column as it was read, so its memory is free as soon as it is a number.
        stored = pool.map(_stored, map(frame.drop_in_place, names), [fields[name] for name in names])
    for column, wrong in stored:
        columns.append(column)
        if wrong is not None:
            row, sentence = wrong
            told = say("第{row}行（{id}）：{reason}", row=row + 1, id=str(ids[row]), reason=sentence)
            problems.append(_problem(path, told))
    if problems:
        raise Unreadable(problems)
    return pl.DataFrame(columns)


def stored(frame: pl.DataFrame, fields: Mapping[str, FieldSpec]) -> pl.DataFrame:
    """Companies as :mod:`snapshot` takes them, as engines read them; ValueError: one is wrong."""
    columns = [frame[ID]]
    for name in frame.columns:
        if name != ID:
            column, wrong = _stored(frame[name], fields[name])
            if wrong is not None:
                raise ValueError(f"company {frame[ID][wrong[0]]}, {name}: {wrong[1]}")
            columns.append(column)
    return pl.DataFrame(columns)


def types(fields: Mapping[str, FieldSpec]) -> dict[str, pl.DataType]:
    """The columns of a file that we write: whole numbers where a fact has no decimals, else floats."""
    found: dict[str, pl.DataType] = {}
    for name, spec in fields.items():
        number = pl.Float64() if spec.places else pl.Int64()
        found[name] = _TYPES.get(spec.kind, number)
    return found


def _problem(path: Path, sentence: Sentence) -> Problem:
    return Problem(str(path), 1, 1, sentence)


def wrong_names(names: Collection[str], fields: Mapping[str, FieldSpec], key: str = ID) -> Iterator[Sentence]:
    """What is wrong with the columns of a file: the one that names the company is missing, one is unknown."""
    if key not in names:
        yield say("缺少列{name}。", name=key)
    for name in names:
        if name != key and name not in fields:
            close = get_close_matches(name, [key, *fields], n=1)
            if close:
                yield say("不认识列{key}，是否应为{close}？", key=name, close=close[0])
            else:
                yield say("不认识列{key}。", key=name)


def _misspelt(names: Collection[str], fields: Mapping[str, FieldSpec]) -> Iterator[Sentence]:
    """What a file of companies lacks, and what in it must be a slip of the pen.

    It may say more than these policies ask for: facts for others, and the company's name.
    """
    strange = [name for name in names if name != ID and name not in fields]
    if strange:
        known = packaged_facts()
        strange = [n for n in strange if n not in known and get_close_matches(n, fields, n=1, cutoff=_SLIP)]
    yield from wrong_names([*strange, *({ID} & {*names})], fields)


def unasked(path: Path, fields: Mapping[str, FieldSpec]) -> list[str]:
    """Columns of a readable file that no policy knows; nothing was done with them."""
    strange = [name for name in pl.read_parquet_schema(path) if name != ID and name not in fields]
    return [name for name in strange if name not in packaged_facts()] if strange else []


def _id_type(dtype: pl.DataType) -> Iterator[Sentence]:
    if not (dtype.is_integer() or dtype == pl.String):
        yield say("列{name}应为整数或文本，不是{dtype}。", name=ID, dtype=str(dtype))


def _ids(ids: pl.Series) -> Iterator[Sentence]:
    if ids.null_count():
        yield say("第{row}行缺少{name}。", row=int(ids.is_null().arg_true()[0]) + 1, name=ID)
    elif ids.dtype == pl.String and (blank := _first(ids.str.strip_chars() == "")) is not None:
        yield say("第{row}行缺少{name}。", row=blank + 1, name=ID)
    elif ids.n_unique() < len(ids):
        again = ids.is_duplicated().arg_true()
        first = ids[int(again[0])]
        rows = ", ".join(str(row + 1) for row in (ids == first).arg_true()[:2])
        yield say("{name}重复：{id}（第{rows}行）。", name=ID, id=str(first), rows=rows)


def fits(spec: FieldSpec, dtype: pl.DataType) -> bool:
    """Whether a column of this type can hold the fact."""
    if dtype == pl.Null:
        return True
    match spec.kind:
        case Kind.BOOL:
            return dtype == pl.Boolean
        case Kind.CODE:
            return dtype in (pl.String, pl.Categorical, pl.Enum)
        case Kind.CODES:
            return dtype == pl.List(pl.String)
        case Kind.DATE:
            return dtype == pl.Date
    return dtype.is_numeric() and dtype not in _TOO_WIDE and dtype not in _TOO_COARSE


def wrong_type(spec: FieldSpec, dtype: pl.DataType) -> Sentence:
    kinds = {
        Kind.BOOL: say("真假值"),
        Kind.CODE: say("文本"),
        Kind.CODES: say("文本的列表"),
        Kind.DATE: say("日期"),
    }
    if dtype in _TOO_COARSE:
        told = {"name": spec.name, "dtype": str(dtype)}
        return say("列{name}的类型{dtype}不够精确，请用Float64、Decimal或整数。", **told)
    if spec.kind not in kinds and dtype in _TOO_WIDE:
        told = {"name": spec.name, "dtype": str(dtype)}
        return say("列{name}的类型{dtype}过宽，请用Int64、Float64或Decimal。", **told)
    wanted = kinds.get(spec.kind, say("数"))
    return say("列{name}应为{wanted}，不是{dtype}。", name=spec.name, wanted=wanted, dtype=str(dtype))


Wrong = tuple[int, Sentence] | None
"""The first row, from 0, and what is wrong there."""


def _stored(column: pl.Series, spec: FieldSpec) -> tuple[pl.Series, Wrong]:
    """The column as the engines read it."""
    if column.dtype == pl.Null:
        return column.cast(_TYPES.get(spec.kind, pl.Int64())), None
    match spec.kind:
        case Kind.BOOL:
            return column.cast(pl.Boolean), None
        case Kind.CODE:
            return _codes(column.cast(pl.String), spec)
        case Kind.CODES:
            wrong = _codes(column.cast(pl.List(pl.String)).explode(), spec)[1]
            return column, None if wrong is None else (0, wrong[1])
        case Kind.DATE:
            return _days(column.cast(pl.Date), spec)
    return _numbers(column, spec)


def _codes(column: pl.Series, spec: FieldSpec) -> tuple[pl.Series, Wrong]:
    known = [code for code, _ in spec.codes]
    bad = ~column.is_in(known) if known else ~column.str.len_chars().is_between(1, LONGEST_CODE)
    row = _first(bad)
    if row is None:
        return column, None
    told = {"fact": spec.name, "code": str(column[row])[:LONGEST_CODE], "known": ", ".join(known) or "…"}
    return column, (row, say("{fact}没有选项“{code}”，可选：{known}。", **told))


def _days(column: pl.Series, spec: FieldSpec) -> tuple[pl.Series, Wrong]:
    row = _first(~column.is_between(dt.date(EARLIEST, 1, 1), dt.date(LATEST, 12, 31)))
    if row is None:
        return column, None
    ends = {"fact": spec.name, "least": EARLIEST, "most": LATEST}
    return column, (row, say("{fact}应在{least}年至{most}年之间。", **ends))


def _numbers(column: pl.Series, spec: FieldSpec) -> tuple[pl.Series, Wrong]:
    """In smallest amounts; the first value that is out of range, or finer than the fact is kept."""
    least, most = written(spec, spec.least), written(spec, spec.most)
    row = _outside(column, float(least), float(most))
    if row is not None:
        told = {"fact": spec.name, "unit": spec.unit, "reason": out_of_range(spec, _exact(column[row], spec))}
        return column, (row, say("{fact}（{unit}）{reason}。", **told))
    factor = spec.of.scale * spec.grain
    if column.dtype.is_float():
        column = column.cast(pl.Float64)
        stored, exact = _whole(column, factor, max(-least, most) * factor)
        row = None if exact else _finer(column * factor)
    elif column.dtype.is_integer():
        stored = column.cast(pl.Int64)
        stored = stored if factor == 1 else stored * factor
    else:
        scaled = column.cast(pl.Decimal(38, 12)) * factor
        stored = scaled.cast(pl.Int64)
        row = _first(stored.cast(pl.Decimal(38, 12)) != scaled)
    if row is not None:
        fine = _exact(column[row], spec)
        reason = too_fine(spec, fine) if fine is not None else out_of_range(spec, None)
        told = {"fact": spec.name, "unit": spec.unit, "reason": reason}
        return column, (row, say("{fact}（{unit}）{reason}。", **told))
    return stored, None


def _whole(column: pl.Series, factor: int, most: Fraction) -> tuple[pl.Series, bool]:
    """Rounded to smallest amounts, and whether each is the float nearest to a number of them.

    Piece by piece: what is made on the way is written over while it is in the processor's cache. A float that
    is not the nearest may still be one that a sum of decimals came to, for which :func:`_finer` looks.
    """
    pieces, exact = [], True
    # One for each: by a single one Polars multiplies with its inverse, which is not the nearest quotient.
    factors = pl.Series([factor], dtype=pl.Float64).new_from_index(0, max(map(len, column.get_chunks())))
    for piece in column.get_chunks():
        scaled = piece * factor
        # A float so large has no place for less than ones: twice as fast as asking to round.
        whole = (scaled + _ONES) - _ONES if most < _HALF else scaled.round()
        exact = exact and bool((whole / factors.head(len(piece)) == piece).all())
        # In range, as was seen before; asked of each number it would take four times as long.
        pieces.append(whole.cast(pl.Int64, wrap_numerical=True))
    return pl.concat(pieces, rechunk=False), exact


def _finer(scaled: pl.Series) -> int | None:
    """The first row that is no multiple of a smallest amount, by more than floats are from decimals."""
    whole = scaled.round()
    return _first((scaled - whole).abs() > whole.abs() * _NOISE + _TINY)


def _exact(found: float | Decimal, spec: FieldSpec) -> Fraction | None:
    """A cell in base units; None where it is no number."""
    number = Decimal(repr(found)) if isinstance(found, float) else Decimal(found)
    return Fraction(number) * spec.of.scale if number.is_finite() else None


_NUMBERS = (int, float, Decimal)


def _outside(column: pl.Series, least: float, most: float) -> int | None:
    """The first row that is not between these; the extremes are looked at before any row."""
    low, high = column.min(), column.max()
    if not (isinstance(low, _NUMBERS) and isinstance(high, _NUMBERS)):  # nothing but gaps
        return None
    nan = column.dtype.is_float() and column.is_nan().any()
    if not nan and least <= float(low) and float(high) <= most:
        return None
    return _first(~column.is_between(least, most, closed="both") | (column.is_nan() if nan else False))


def _first(wrong: pl.Series) -> int | None:
    """The first row where it is true; missing is not."""
    return int(wrong.arg_true()[0]) if wrong.any() else None


def day_of(file: Path) -> dt.date | None:
    """The day a snapshot is of; None for a file that says none, or is none."""
    try:
        said = pl.read_parquet_metadata(file).get(ON)
    except (OSError, pl.exceptions.PolarsError):
        return None
    return dt.date.fromisoformat(said) if said else None
