"""The numbers and days of a policy as one form: a field for each, beside the sentence it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qitong.policies.logic import dials
from qitong.policies.logic.dials import Dial


class NumbersForm(forms.Form):
    """``numbers`` and ``days`` are what was changed against what was on the page."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], seen: str, sent: QueryDict | None = None) -> None:
        super().__init__(sent, initial={"seen": seen})
        self._dials = {dial.key: dial for dial in dials.dials(data)}
        self._days = dict(_days(data))
        for dial in self._dials.values():
            self.fields[dial.key] = forms.CharField(
                label=_label(dial),
                initial=dial.text,
                max_length=40,
                error_messages={"required": _("请填写数值。")},
                widget=forms.DateInput({"type": "date"})
                if dial.is_date
                else forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )
        for key, (label, value) in self._days.items():
            self.fields[key] = forms.CharField(
                label=label,
                initial=value,
                required=key != "valid.to",
                error_messages={"required": _("请填写日期。")},
                widget=forms.DateInput({"type": "date"}),
            )

    @property
    def numbers(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self._dials if key in self.changed_data}

    @property
    def days(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self._days if key in self.changed_data}

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Fields by what they belong to, in the order of the policy; days last."""
        found: dict[str, list[forms.BoundField]] = {}
        for key in self._dials:
            found.setdefault(key.split(".")[0], []).append(self[key])
        return list(found.items())

    @property
    def dates(self) -> list[forms.BoundField]:
        return [self[key] for key in self._days]


def _label(dial: Dial) -> str:
    if dial.is_date:
        return gettext("%(key)s 日期") % {"key": dial.key}
    if dial.unit:
        return gettext("%(key)s（%(unit)s）") % {"key": dial.key, "unit": dial.unit}
    return dial.key


def _days(data: Mapping[str, Any]) -> list[tuple[str, tuple[str, str]]]:
    valid = data["valid"]
    found = [
        ("valid.from", (gettext("施行日期"), valid["from"])),
        ("valid.to", (gettext("有效期至（空白为长期）"), valid["to"] or "")),
    ]
    for index, window in enumerate(data.get("windows", [])):
        place = {"n": index + 1}
        found.append((f"windows.{index}.open", (gettext("第%(n)s个申报窗口开始") % place, window["open"])))
        found.append((f"windows.{index}.close", (gettext("第%(n)s个申报窗口截止") % place, window["close"])))
    return found
