"""A template that is folded says what it says unfolded: in every language, escaped or not."""

from __future__ import annotations

import pytest
from django.template import Context, Engine, Template
from django.utils import translation
from pytest_django import Settings

from qitong.web.common.folding import Constant, folded

HEAD = "{% load i18n %}"
SAYS = [
    "a{% translate '办件' %}b{# no #}{% translate '任务' %}",
    "{% translate '办件' noop %}|{% translate '准予' context 'deed' %}|{% translate '办件' context '无' %}",
    "{% translate '办件' as word %}[{{ word }}]{% if word == '办件' %}same{% endif %}",
    "{% translate '办件'|upper %}{% translate given %}{% translate given|cut:'<' %}",
    "{% translate '100%' %}{% translate 'a & b < c' %}{{ given }}",
    "{% autoescape off %}{% translate 'a & b' %}{% translate given %}{{ given }}{% endautoescape %}",
    "{% blocktranslate %}企业{% endblocktranslate %}",
    "{% blocktranslate %}{{ given }} & 100%{% endblocktranslate %}",
    "{% blocktranslate trimmed %}\n  企业\n{% endblocktranslate %}",
    "{% blocktranslate asvar it %}企业{% endblocktranslate %}{{ it }}",
    "{% blocktranslate count n=n %}共{{ n }}件{% plural %}共{{ n }}件{% endblocktranslate %}",
    "{% for x in many %}{% translate '办件' %}{{ x }}{% empty %}{% translate '任务' %}{% endfor %}",
    "{% if n %}{% translate '办件' %}{% elif many %}b{% else %}c{% translate '任务' %}{% endif %}",
    "{% translate '办件' %}{% language 'en' %}{% translate '办件' %}{% endlanguage %}",
    "{% with y=n %}{% translate '办件' %}{{ y }}{% endwith %}",
    "{% comment %}x{% endcomment %}{% filter upper %}a{% translate '办件' %}{% endfilter %}",
    "{% url 'login' %}{% url 'login' as way %}[{{ way }}]{% url given as none %}[{{ none }}]",
]


@pytest.fixture
def _pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = "qitong.web.urls"


@pytest.mark.parametrize("text", SAYS)
@pytest.mark.usefixtures("_pages")
def test_it_says_the_same_in_each_language_again_and_again(text: str) -> None:
    plain, made = Template(HEAD + text), _folded(HEAD + text)
    for language in ("zh-hans", "en", "zh-hans", None, "en"):
        context = {"given": "<办件>", "n": 2, "many": [1, 2]}
        with translation.override(language):
            for escaped in (True, False, True):
                assert made.render(Context(context, autoescape=escaped)) == plain.render(
                    Context(context, autoescape=escaped)
                )


def test_neighbouring_texts_become_one_node() -> None:
    made = _folded(HEAD + "<p>{% translate '办件' %}</p>{# a #}<p>{% translate '任务' %}</p>{{ x }}<b>")
    assert [type(node).__name__ for node in made.nodelist] == ["Constant", "Said", "TextNode"]


def test_what_a_page_says_of_itself_is_never_kept() -> None:
    for text in (
        "{% translate x %}",
        "{% translate '办件' as y %}",
        "{% url x %}",
        "{% translate '办件'|upper %}",
    ):
        assert not [node for node in _folded(HEAD + text).nodelist if isinstance(node, Constant)]


@pytest.mark.usefixtures("_pages")
def test_addresses_follow_where_the_site_stands(settings: Settings) -> None:
    from django.urls import set_script_prefix

    made = _folded("<a href='{% url 'login' %}'>")
    assert made.render(Context()) == "<a href='/login'>"
    set_script_prefix("/park/")
    try:
        assert made.render(Context()) == "<a href='/park/login'>"
    finally:
        set_script_prefix("/")


def test_a_template_includes_another_and_itself() -> None:
    branch = "({{ name }}{% for below in it %}{% include 'tree' with it=below name='b' %}{% endfor %})"
    page = "{% include 'tree' %}{{ name }}{% include 'tree' with it=none only %}{% include which %}"
    texts = ("django.template.loaders.locmem.Loader", {"tree": branch, "page": page})
    engine = Engine(loaders=[("qitong.web.common.folding.Loader", [texts])])
    found = engine.get_template("page")
    context = {"it": [[], [[]]], "name": "a", "which": "tree"}
    assert found.render(Context(context)) == "(a(b)(b(b)))a()(a(b)(b(b)))"


def test_a_page_is_folded_before_it_is_kept() -> None:
    kept = Engine.get_default().get_template("workbench/case.html")
    assert kept is Engine.get_default().get_template("workbench/case.html")
    assert len(kept.nodelist) == 1  # it extends another
    assert len(kept.nodelist.get_nodes_by_type(Constant)) > 10


def _folded(text: str) -> Template:
    made = Template(text)
    made.nodelist[:] = folded(made.nodelist)
    return made
