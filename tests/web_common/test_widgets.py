"""Inputs are written as Django's templates write them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from qitong.web.common.widgets import Renderer

GROUPS = [("", "请选择"), ("<税务>", [(1, "王 & 芳"), (2, "李强")]), ("x", "“引号”")]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput({"maxlength": 9, "required": True, "autofocus": False}), 'a"<b>'),
        (forms.TextInput(), None),
        (forms.HiddenInput(), 7),
        (forms.CheckboxInput({"value": "1"}), True),
        (forms.CheckboxInput(), False),
        (forms.Textarea({"rows": 3}), "第一行\n<第二行>"),
        (forms.Textarea(), None),
        (forms.FileInput({"accept": ".pdf"}), None),
        (forms.Select({"class": "w"}, choices=GROUPS), 2),
        (forms.SelectMultiple(choices=GROUPS), [1, "x"]),
        (forms.RadioSelect(choices=[("a", "甲"), ("b", "乙 & <丙>")]), "b"),
        (forms.RadioSelect({"class": "w"}, choices=GROUPS), 2),
        (forms.CheckboxSelectMultiple(choices=GROUPS), [1, "x"]),
        (forms.CheckboxSelectMultiple(choices=[]), None),
    ],
)
def test_an_input_looks_as_it_would_by_template(widget: forms.Widget, value: Any) -> None:
    attrs = {"id": "x-id", "aria-describedby": "x-hint"}
    ours, theirs = (
        widget.render("name<", value, attrs, renderer=renderer)
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert re.sub(r"\s*\n\s*", "\n", ours) == re.sub(r"\s*\n\s*", "\n", theirs)
