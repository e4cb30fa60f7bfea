"""The forms of deeds, as nobody has filled them in yet: most are the same at every case, and written once.

A case page offers half a dozen deeds and one judgement for each material. To build their forms and inputs
took a quarter of the page, though most depend on nothing but where they stand. Of those the HTML is kept,
with the places of the field's id and of the case's number; a form that depends on the case, or that was
filled in and refused, is built as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qitong.web.common.addresses import site
from qitong.web.common.written import said
from qitong.web.templatetags.desk import phrases
from qitong.web.templatetags.qitong import field
from qitong.web.workbench.forms import DeedForm
from qitong.web.workbench.places import Place

# Stand for the id of the form and the number of the case; no text has such characters.
_ID, _NUMBER = "\ue000", "\ue001"
_kept: dict[tuple[object, ...], str] = {}


@dataclass(frozen=True)
class Asked:
    """A form on a page; ``refused`` is what somebody filled in. ``only``: these of its fields."""

    kind: type[DeedForm]
    place: Place
    anchor: str
    refused: DeedForm | None = None
    only: Sequence[str] = ()

    @property
    def bare(self) -> bool:
        """Nothing to fill in: a button."""
        return not self.kind.base_fields

    @property
    def is_multipart(self) -> bool:
        return any(one.widget.needs_multipart_form for one in self.kind.base_fields.values())

    @property
    def wrong(self) -> str:
        """Why it was refused, where no field is to blame."""
        return str(next(iter(self.refused.non_field_errors()), "")) if self.refused else ""

    @cached_property
    def inputs(self) -> SafeString:
        """Its fields as the page shows them."""
        number = self.place.case.number or ""
        if self.refused is not None:
            return _written(self._fields(self.refused), number)
        shape = self.kind.alike(self.place)
        if shape is None:
            return _written(self._fields(self.kind(self.place, slug=self.anchor)), number)
        html = self._blank(shape).replace(_ID, said(self.anchor)).replace(_NUMBER, said(number))
        return mark_safe(html)  # noqa: S308  what was written as a form, and what is said

    def _fields(self, form: DeedForm) -> Iterable[BoundField]:
        return (form[name] for name in self.only) if self.only else form

    def _blank(self, shape: tuple[Any, ...]) -> str:
        key = (self.kind, shape, tuple(self.only), get_language(), site())
        if key not in _kept:
            _kept[key] = _written(self._fields(self.kind(self.place, slug=_ID)), _NUMBER)
        return _kept[key]


def _written(fields: Iterable[BoundField], number: str) -> SafeString:
    html = "".join(f"{field(bound)}{phrases(bound, number)}" for bound in fields)
    return mark_safe(html)  # noqa: S308  of nothing but what is safe
