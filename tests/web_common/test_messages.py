"""The translation tool: what it finds, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from tools.messages import (
    LOCALE,
    SOURCE,
    compile_all,
    faults,
    file_of,
    from_python,
    from_template,
    gather,
    load,
    update,
)


def test_python_texts_are_found_nested_joined_and_plural() -> None:
    source = 'say("甲{x}", x=say("乙" "丙")); _("丁"); ngettext("戊", "己", n); pgettext("月", "五")'
    assert set(from_python(source)) == {
        ("", "甲{x}", ""),
        ("", "乙丙", ""),
        ("", "丁", ""),
        ("", "戊", "己"),
        ("月", "五", ""),
    }


def test_a_text_that_cannot_be_found_is_a_fault() -> None:
    with pytest.raises(ValueError, match=r"m\.py:1"):
        list(from_python('say(f"甲{x}")', "m.py"))


def test_template_texts_are_found_as_django_looks_them_up() -> None:
    source = """<p>{% translate "甲" %}
      {% button _("乙") %} {% translate "五" context "月" %}
        {% blocktranslate trimmed with n=x %}
            共 {{ n }}
            件 100%
        {% endblocktranslate %}
    {% blocktranslate count n=x %}一{% plural %}{{ n }}多{% endblocktranslate %}"""
    assert set(from_template(source)) == {
        ("", "甲", ""),
        ("", "乙", ""),
        ("月", "五", ""),
        ("", "共 %(n)s 件 100%%", ""),
        ("", "一", "%(n)s多"),
    }


def _catalog(text: str, english: str) -> Catalog:
    catalog = Catalog(locale="en")
    catalog.add(text, english)
    return catalog


@pytest.mark.parametrize(
    ("text", "english", "fault"),
    [
        ("第{n}天", "Day {n}", ""),
        ("第{n}天", "", "no English"),
        ("第{n}天", "Day {m}", "places differ"),
        ("共%(n)s件", "Files", "places differ"),
        ("甲", "一", "Chinese left"),
        ("甲", "Comma，", "Chinese left"),
        ("甲", "Qitong 企通", ""),
    ],
)
def test_english_that_does_not_fit_is_named(text: str, english: str, fault: str) -> None:
    found = faults(_catalog(text, english), {("", text, "")})
    assert [line.split(":")[0] for line in found] == ([fault] if fault else [])


def test_a_fuzzy_or_forgotten_text_is_named() -> None:
    catalog = Catalog(locale="en")
    catalog.add("甲", "A", flags=["fuzzy"])
    catalog.add("乙", "B")
    assert faults(catalog, {("", "甲", "")}) == ["no English: 甲", "no longer used: 乙"]


def test_gathering_again_keeps_the_english_and_drops_the_forgotten(tmp_path: Path) -> None:
    path = file_of("en", tmp_path)
    written = update(path, {("", "甲", ""), ("", "乙", "")})
    assert [message.string for message in written if message.id] == ["", ""]
    path.write_text(path.read_text().replace('msgid "甲"\nmsgstr ""', 'msgid "甲"\nmsgstr "A"'))
    update(path, {("", "甲", "")})
    once = path.read_text()
    update(path, {("", "甲", "")})
    assert path.read_text() == once
    assert {message.id: message.string for message in load(path) if message.id} == {"甲": "A"}
    assert compile_all(tmp_path) == [path.with_suffix(".mo")]


def test_a_text_handed_on_and_the_empty_text_are_not_gathered() -> None:
    assert list(from_python('say(""); say(words[kind], name=name); say(row.text); say(text)')) == []


def test_every_text_is_in_english() -> None:
    assert faults(load(file_of("en", LOCALE)), gather(SOURCE)) == []
