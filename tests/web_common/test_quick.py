"""What a template asks of its context is answered as Django answers it, by whatever way it is found."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from qitong.kernel.words import Named, say
from qitong.web.common.folding import folded


class Thing:
    """A thing with all that a name can lead to."""

    word = "<b>"
    none = None
    table = {"items": "<key>", "n": 3, 0: "zero"}

    @property
    def wrong(self) -> str:
        raise AttributeError("of the property itself")

    def said(self) -> str:
        return "<called>"

    def asks(self, more: str) -> str:
        return more

    def deletes(self) -> str:
        return "deleted"

    deletes.alters_data = True  # type: ignore[attr-defined]

    def __str__(self) -> str:
        return "<thing>"


def _context() -> Context:
    return Context(
        {
            "thing": Thing(),
            "lazy": SimpleLazyObject(Thing),
            "many": ["<a>", "b"],
            "kind": Thing,
            "text": "<i>",
            "safe": SafeString("<i>"),
            "words": _("办件"),
            "sentence": say("{name}的办件", name="<甲>"),
            "name": Named("<名>", "<name>"),
            "number": 1234.5,
            "no": False,
            "csrf_token": "a<b",
        }
    )


ASKED = [
    "{{ thing }}{{ thing.word }}{{ thing.none }}{{ thing.none.more }}{{ thing.missing }}{{ missing }}",
    "{{ thing.table.items }}{{ thing.table.n }}{{ thing.table.0 }}{{ thing.table.keys }}{{ thing.table.no }}",
    "{{ thing.said }}{{ thing.asks }}{{ thing.deletes }}{{ kind.word }}{{ lazy.word }}{{ lazy }}",
    "{{ lazy.said }}{{ lazy.table.n }}{{ kind.table.n }}{{ kind.missing }}",
    "{{ many.0 }}{{ many.7 }}{{ many.0.upper }}{{ text.upper }}{{ text }}{{ safe }}{{ safe|upper }}",
    "{{ words }}{{ sentence }}{{ name }}{{ number }}{{ no }}{{ number|add:1 }}{{ missing|default:'<d>' }}",
    "{% autoescape off %}{{ text }}{{ sentence }}{{ name }}{{ words }}{{ thing }}{% endautoescape %}",
    "{% if thing.table.n > 2 and not thing.missing %}{{ thing.word }}{% endif %}{% if no %}x{% endif %}",
    "{% for one in many %}{{ one }}{{ forloop.counter }}{{ forloop.parentloop.counter }}{% endfor %}",
    "{% with a=thing.word b=many.1 %}{{ a }}{{ b }}{% endwith %}{{ a }}{% csrf_token %}",
    "{% url 'workbench:case' text %}{% url 'workbench:case' 'QT26' as there %}{{ there }}",
    "{% url 'workbench:case' number='A&B' %}{% url 'workbench:do' 'QT26' 'contact' %}",
]


def _folded(text: str) -> Template:
    made = Template(text)
    made.nodelist[:] = folded(made.nodelist)
    return made


@pytest.mark.parametrize("text", ASKED)
def test_it_says_what_django_says(text: str) -> None:
    made = _folded(text)
    for _again in range(2):
        assert made.render(_context()) == Template(text).render(_context())


@pytest.mark.parametrize("token", ["", None])
def test_without_a_token_there_is_no_input(token: Any) -> None:
    text = "{% csrf_token %}"
    assert _folded(text).render(Context({"csrf_token": token})) == Template(text).render(
        Context({"csrf_token": token})
    )


def test_a_property_that_fails_is_heard() -> None:
    with pytest.raises(AttributeError, match="of the property itself"):
        _folded("{{ thing.wrong }}").render(_context())
