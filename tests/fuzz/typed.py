"""The forms of a page as a browser reads them: what may be typed into each, and what it then sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TICKED = ("radio", "checkbox")
SECRET = ("password", "file")
"""Not shown again; nor is a code that holds once, which is read here as a password."""


@dataclass(slots=True)
class Control:
    """``kind`` is an input's type, or textarea, select, button; ``value`` what it holds or stands for."""

    name: str
    kind: str
    value: str = ""
    on: bool = False
    longest: int = 0
    options: list[str] = field(default_factory=list)

    @property
    def is_asked(self) -> bool:
        return self.kind not in ("hidden", "button")

    @property
    def is_text(self) -> bool:
        return self.is_asked and self.kind not in (*TICKED, *SECRET, "select")


@dataclass(slots=True)
class Form:
    """``shut``: within a part of the page that is folded up; ``wrong``: one of its fields is marked so."""

    action: str
    posts: bool
    shut: bool
    controls: list[Control] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    wrong: bool = False

    @property
    def asked(self) -> dict[str, list[Control]]:
        found: dict[str, list[Control]] = {}
        for control in self.controls:
            if control.is_asked:
                found.setdefault(control.name, []).append(control)
        return found


class Page(HTMLParser):
    """``leads``: the places that the summary of errors leads to; ``said``: what it says, or a red notice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.leads: list[str] = []
        self.said = ""
        self._form: Form | None = None
        self._text: Control | None = None
        self._shut: list[bool] = []
        self._summary = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        classes = has.get("class", "").split()
        if tag == "details":
            self._shut.append("open" not in has)
        elif tag == "form":
            self._form = Form(has.get("action", ""), has.get("method") == "post", any(self._shut))
            self.forms.append(self._form)
        elif self._summary or "error-summary" in classes or {"notice", "red"} <= set(classes):
            self._summary += tag == "div"
        if self._summary and tag == "a":
            self.leads.append(has.get("href", "").removeprefix("#"))
        if self._form is not None:
            self._form.ids.add(has.get("id", ""))
            self._form.wrong |= "wrong" in classes
            self._control(self._form.controls, tag, has)

    def _control(self, controls: list[Control], tag: str, has: dict[str, str]) -> None:
        if tag == "option" and controls:
            controls[-1].options.append(has.get("value", ""))
            if "selected" in has:
                controls[-1].value = has.get("value", "")
        elif tag == "button" or (tag in ("input", "textarea", "select") and has.get("name")):
            kind = has.get("type", "text") if tag == "input" else tag
            kind = "password" if has.get("autocomplete") == "one-time-code" else kind
            value = has.get("value", "on" if kind in TICKED else "")
            longest = int(has.get("maxlength", 0))
            controls.append(Control(has.get("name", ""), kind, value, "checked" in has, longest))
            self._text = controls[-1] if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data.removeprefix("\n")
        if self._summary:
            self.said += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._shut.pop()
        elif tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "div" and self._summary:
            self._summary -= 1
