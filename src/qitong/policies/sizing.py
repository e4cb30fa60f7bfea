"""The table of company sizes, read from its file, checked and tried on its own examples."""

from __future__ import annotations

from fractions import Fraction

from qitong.kernel.errors import Refused
from qitong.kernel.shapes import shaped
from qitong.kernel.words import Named, say
from qitong.kernel.yamlmarks import Document
from qitong.policies.compiling import field_spec
from qitong.policies.library import Sizes
from qitong.policies.logic import reading
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.size import Row, SizeTable
from qitong.policies.logic.units import Number, normal
from qitong.policies.schema import SizeExample, SizeFile, SizeRow

INDUSTRY = "industry_code"


def read(document: Document) -> list[Sizes]:
    """The size table of a document, or nothing after complaints."""
    file = shaped(document, SizeFile)
    if file is None:
        return []
    fields = {name: field_spec(name, given) for name, given in file.inputs.items()}
    for index, row in enumerate(file.rows):
        _check(document, index, row, fields)
    if document.problems:
        return []
    table = SizeTable(tuple(_row(row, fields) for row in file.rows))
    for index, example in enumerate(file.examples):
        _try(document, index, example, table, fields)
    return [] if document.problems else [Sizes(file, table, fields)]


def _check(document: Document, index: int, row: SizeRow, fields: dict[str, FieldSpec]) -> None:
    for name, bounds in row.bounds.items():
        if name not in fields or not fields[name].of.most:
            document.complain(
                ("rows", index, "bounds", name), say("{name}不是已声明的数。", name=name), key=True
            )
        elif not bounds[0] > bounds[1] > bounds[2] > 0:
            document.complain(("rows", index, "bounds", name), say("大、中、小型的下限应由高到低。"))


def _row(row: SizeRow, fields: dict[str, FieldSpec]) -> Row:
    bounds = tuple((name, _scaled(fields[name], values)) for name, values in row.bounds.items())
    return Row(row.id, Named(row.zh, row.en), tuple(row.industries), tuple(row.except_), bounds)


def _scaled(spec: FieldSpec, bounds: list[int]) -> tuple[Number, Number, Number]:
    large, medium, small = (normal(Fraction(bound) * spec.of.scale) for bound in bounds)
    return (large, medium, small)


def _try(
    document: Document, index: int, example: SizeExample, table: SizeTable, fields: dict[str, FieldSpec]
) -> None:
    try:
        facts = {name: reading.value(fields[name], raw) for name, raw in example.in_.items()}
    except (Refused, KeyError) as error:
        reason = error.sentence if isinstance(error, Refused) else say("没有声明过{name}。", name=str(error))
        document.complain(("examples", index, "in"), reason)
        return
    size = table.size(example.industry, facts)
    if size != example.expect:
        sentence = say("应为{expect}，按表是{size}。", expect=str(example.expect), size=str(size))
        document.complain(("examples", index, "expect"), sentence)
