"""The inputs of forms, written as Django's own templates write them, without the templates.

A case in review has a dozen of them, a list of colleagues among them with a template for each name: they
took a third of its page. What is not here is left to the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from qitong.web.common.written import said

Widget = Mapping[str, Any]


def _attrs(widget: Widget) -> str:
    parts = []
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {said(name)}")
        elif value is not False:
            parts.append(f' {said(name)}="{said(str(value))}"')
    return "".join(parts)


def _input(widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{said(str(value))}"'
    return f'<input type="{said(widget["type"])}" name="{said(widget["name"])}"{given}{_attrs(widget)}>'


def _files(widget: Widget) -> str | None:
    """Beside a file that is there already there is more to say."""
    return None if widget["is_initial"] else _input(widget)


def _textarea(widget: Widget) -> str:
    return (
        f'<textarea name="{said(widget["name"])}"{_attrs(widget)}>\n{said(widget["value"] or "")}</textarea>'
    )


def _select(widget: Widget) -> str:
    parts = [f'<select name="{said(widget["name"])}"{_attrs(widget)}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{said(group)}">')
        for option in options:
            value = said(str(option["value"]))
            parts.append(f'\n  <option value="{value}"{_attrs(option)}>{said(option["label"])}</option>')
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


def _choices(widget: Widget) -> str:
    """Radio buttons or ticks, each in its label."""
    attrs = widget["attrs"]
    head = "".join(f' {name}="{said(attrs[name])}"' for name in ("id", "class") if attrs.get(name))
    parts = [f"<div{head}>"]
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f"\n  <div><label>{said(group)}</label>")
        parts += [f"<div>\n    {_choice(option)}\n</div>" for option in options]
        if group:
            parts.append("\n  </div>")
    return "".join([*parts, "\n</div>"])


def _choice(option: Widget) -> str:
    if not option["wrap_label"]:
        return _input(option)
    number = option["attrs"].get("id")
    to = f' for="{said(number)}"' if number else ""
    return f"<label{to}>{_input(option)}\n {said(option['label'])}</label>\n"


_WRITTEN: Mapping[str, Callable[[Widget], str | None]] = {
    **dict.fromkeys(
        (f"django/forms/widgets/{name}.html" for name in ("input", "text", "hidden", "checkbox", "file")),
        _input,
    ),
    "django/forms/widgets/clearable_file_input.html": _files,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/radio.html": _choices,
    "django/forms/widgets/checkbox_select.html": _choices,
}


class Renderer(DjangoTemplates):
    """Named by ``FORM_RENDERER``."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        write = _WRITTEN.get(template_name)
        written = write(context["widget"]) if write else None  # everything in it is escaped
        return SafeString(super().render(template_name, context, request) if written is None else written)
