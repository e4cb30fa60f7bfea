"""A fact in words: its value with its unit, and where it comes from."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from qitong.kernel.words import Sentence, say
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.terms import SOURCES
from qitong.policies.logic.units import Kind
from qitong.policies.logic.wording import shown

if TYPE_CHECKING:
    from qitong.policies.queries import Known


def value_words(spec: FieldSpec, value: Any) -> object:
    """A value in base units as a Sentence, a name, a text or a date; lists of them for several codes."""
    names = dict(spec.codes)
    if isinstance(value, frozenset):
        return [names.get(code, code) for code in sorted(value)]
    if isinstance(value, str) and not isinstance(value, dt.date):
        return names.get(value, value)
    return shown(value, Kind.BOOL if isinstance(value, bool) else spec.kind)


def source_words(known: Known) -> Sentence:
    """Who said it: of what was shared, the department by its name."""
    if known.department is not None:
        return say("{department}提供", department=known.department)
    return SOURCES[known.source]
