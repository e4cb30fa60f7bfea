"""The forms of deeds, as nobody has filled them in yet: written once, and only what is offered put in.

A case page offers half a dozen deeds and one judgement for each material. To build their forms and inputs
took a quarter of the page, though what differs from case to case is where they stand and what there is to
choose from. Of a form is kept its HTML, with the places of the field's id, of the case's number and of the
choices; a form that differs by more, or that was filled in and refused, is built as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms import ChoiceField
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from qitong.web.common.addresses import site
from qitong.web.common.written import said
from qitong.web.templatetags.desk import phrases
from qitong.web.templatetags.qitong import field
from qitong.web.workbench.forms import DeedForm, Options
from qitong.web.workbench.places import Place

# Stand for the id of the form, the number of the case, a choice's value and its label; no text has such
# characters.
_ID, _NUMBER, _VALUE, _LABEL = "\ue000", "\ue001", "\ue002", "\ue003"
_TICKED = '_0"'
"""How the id of the first tick or button ends; the others are numbered on."""


@dataclass(frozen=True, slots=True)
class _Blank:
    """The HTML around the choices, and for each of those their field and how one of them is written."""

    text: str
    choices: Mapping[str, str]


_kept: dict[tuple[object, ...], _Blank] = {}


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
        html = self._filled(self._blank(shape)).replace(_ID, said(self.anchor)).replace(_NUMBER, said(number))
        return SafeString(html)

    def _fields(self, form: DeedForm) -> Iterable[BoundField]:
        return (form[name] for name in self.only) if self.only else form

    def _blank(self, shape: tuple[Any, ...]) -> _Blank:
        key = (self.kind, shape, tuple(self.only), get_language(), site())
        if key not in _kept:
            form = self.kind(self.place, slug=_ID)
            offered = _marked(form, self.place)
            _kept[key] = _cut(_written(self._fields(form), _NUMBER), offered)
        return _kept[key]

    def _filled(self, blank: _Blank) -> str:
        html = blank.text
        if blank.choices:
            offered = self.kind.offered(self.place)
            for name, one in blank.choices.items():
                html = html.replace(_place(name), _choices(one, offered[name]))
        return html


def _written(fields: Iterable[BoundField], number: str) -> SafeString:
    return SafeString("".join(f"{field(bound)}{phrases(bound, number)}" for bound in fields))


def _place(name: str) -> str:
    return f"{_VALUE}{name}{_VALUE}"


def _marked(form: DeedForm, place: Place) -> Sequence[str]:
    """The fields with something to choose; each is left one choice that stands for all, and the empty one."""
    offered = form.offered(place)
    for name, options in offered.items():
        chosen = form.fields[name]
        if isinstance(chosen, ChoiceField):
            chosen.choices = [*_empty(options), (f"{_VALUE}{name}", f"{_LABEL}{name}")]
    return list(offered)


def _empty(options: Options) -> Options:
    return [option for option in options[:1] if option[0] == ""]


def _cut(html: str, names: Iterable[str]) -> _Blank:
    choices = {}
    for name in names:
        value, label = f"{_VALUE}{name}", f"{_LABEL}{name}"
        at, before = html.index(value), ("\n  <option", "<div>\n    <label")
        start = max(html.rfind(begin, 0, at) for begin in before)
        after = "</option>" if html.startswith(before[0], start) else "\n</div>"
        end = html.index(after, html.index(label)) + len(after)
        choices[name] = html[start:end].replace(value, _VALUE).replace(label, _LABEL)
        html = html[:start] + _place(name) + html[end:]
    return _Blank(html, choices)


def _choices(one: str, options: Options) -> str:
    """All of them but the empty one, each as ``one`` is; those of a group in it."""
    parts = []
    for n, (value, label) in enumerate(options[len(_empty(options)) :]):
        if isinstance(label, list):
            parts.append(f'\n  <optgroup label="{said(value)}">{_choices(one, label)}\n  </optgroup>')
        else:
            numbered = one.replace(_TICKED, f'_{n}"') if n else one
            parts.append(numbered.replace(_VALUE, said(value)).replace(_LABEL, said(label)))
    return "".join(parts)
