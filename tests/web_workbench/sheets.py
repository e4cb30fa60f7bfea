"""A sheet as a browser has it: what its form would send, changed here and there."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from django.http import HttpResponse

Sent = dict[str, list[str]]


class _Form(HTMLParser):
    """The fields of the form of class ``sheet``, as they would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = {}
        self._inside = False
        self._select = self._area = ""
        self._options: list[tuple[str, bool]] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if tag == "form":
            self._inside = "sheet" in told.get("class", "").split()
        elif not self._inside:
            return
        elif tag == "input" and name and (told["type"] != "checkbox" or "checked" in told):
            self.sent.setdefault(name, []).append(told.get("value", ""))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((told.get("value", ""), "selected" in told))
        elif tag == "textarea":
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            self.sent[self._select] = chosen or [value for value, _ in self._options[:1]]
            self._select = ""
        elif tag == "textarea" and self._area:
            self.sent[self._area] = [self._text.removeprefix("\n")]
            self._area = ""
        elif tag == "form":
            self._inside = False


def form_of(answer: HttpResponse) -> Sent:
    reader = _Form()
    reader.feed(answer.content.decode())
    assert reader.sent, "there is no sheet on the page"
    return reader.sent


def errors_of(answer: HttpResponse) -> dict[str, str]:
    """Field → what is said at it: fields that have an error beside them."""
    page = answer.content.decode()
    found = {}
    for part in page.split('<p class="error" id="id_')[1:]:
        name, _, rest = part.partition('_error"')
        found[name] = rest.partition("</span>")[2].partition("</p>")[0]
    return found


def summary_of(answer: HttpResponse) -> Iterator[str]:
    """The links of the summary on top."""
    page = answer.content.decode()
    top = page[page.index("error-summary") :] if "error-summary" in page else ""
    for part in top.partition("</div>")[0].split('href="#')[1:]:
        yield part.partition('"')[0]
