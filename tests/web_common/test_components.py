from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from qitong.casework.logic.light import COLOUR_WORDS, Colour
from qitong.datashare.qrcodes import QUIET
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, say
from qitong.web.common import qr
from qitong.web.common.http import refusal_to_form
from qitong.web.common.parts import SHAPES
from qitong.web.templatetags.qitong import filesize, moment, money, named, weekday_date

AT = dt.datetime(2026, 10, 11, 16, 5, tzinfo=dt.UTC)  # already the 12th in Shanghai


def _show(text: str, **context: object) -> str:
    return Template("{% load qitong %}" + text).render(Context(context))


class Ask(forms.Form):
    name = forms.CharField(label="Name", help_text="hint")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect)


def test_dates_carry_their_weekday_in_both_languages() -> None:
    assert weekday_date(AT) == weekday_date(dt.date(2026, 10, 12)) == "2026年10月12日（周一）"
    assert moment(AT) == "2026年10月12日（周一） 00:05"
    with translation.override("en"):
        assert weekday_date(AT) == "Monday 12 October 2026"


@pytest.mark.parametrize(("value", "zh"), [(1200, "1,200元"), (Decimal("0.5"), "0.50元"), (None, "")])
def test_money_has_its_unit(value: Decimal | int | None, zh: str) -> None:
    assert money(value) == zh


def test_a_file_has_its_size_in_words() -> None:
    sizes = (0, 999, 820_000, 2_400_000, 3_000_000_000)
    assert [filesize(n) for n in sizes] == ["0 B", "999 B", "820 KB", "2.4 MB", "3.0 GB"]


def test_a_name_is_shown_by_language() -> None:
    assert named(Named("规划局", "Planning")) == "规划局"
    with translation.override("en"):
        assert named(Named("规划局", "Planning")) == "Planning"


@pytest.mark.parametrize("colour", list(Colour))
def test_a_light_is_never_colour_alone(colour: Colour) -> None:
    shown = _show("{% light colour %}", colour=colour)
    assert f'd="{SHAPES[colour]}"' in shown
    assert str(COLOUR_WORDS[colour]) in shown
    assert f"light {colour.value}" in shown


def test_the_signs_of_the_lights_differ() -> None:
    assert len(set(SHAPES.values())) == len(Colour)


def test_an_error_is_tied_to_its_field() -> None:
    shown = _show("{% error_summary form %}{% field form.name %}{% field form.kind %}", form=Ask({}))
    assert '<a href="#id_name">' in shown
    assert '<a href="#id_kind_0">' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'id="id_kind_0"' in shown


def test_no_errors_no_summary() -> None:
    assert _show("{% error_summary form %}", form=Ask()).strip() == ""


def test_a_refusal_goes_to_its_field_or_to_the_top() -> None:
    form = Ask({"name": "x", "kind": "a"})
    assert form.is_valid()
    refusal_to_form(form, Refused(say("甲"), field="title"), title="name")
    refusal_to_form(form, Refused(say("乙"), field="elsewhere"))
    assert form.errors == {"name": ["甲"], "__all__": ["乙"]}


def test_a_deed_that_is_refused_cannot_act_and_says_why() -> None:
    shown = _show('{% deed "受理" why_not=why name="deed" value="accept" %}', why=say("缺材料。"))
    assert "缺材料。" in shown
    assert 'aria-disabled="true"' in shown
    assert 'type="button"' in shown
    assert 'value="accept"' not in shown
    assert 'value="accept"' in _show('{% deed "受理" why_not=why name="deed" value="accept" %}', why=say(""))


def test_what_people_typed_is_never_markup() -> None:
    evil = "<script>x</script>"
    texts = [
        "{% chip t %}",
        "{% notice title=t %}{{ t }}{% endnotice %}",
        "{% button t href=t confirm=t %}",
        "{% disclosure t %}{{ t }}{% enddisclosure %}",
        "{% empty_state t t %}",
        "{% deed t why_not=t %}",
        '{% qr "https://example.org" t %}',
        '{% light "red" note=t %}',
    ]
    for text in texts:
        shown = _show(text, t=evil)
        assert "&lt;script&gt;" in shown
        assert "<script>" not in shown


def test_a_qr_code_is_a_drawing_with_a_name() -> None:
    drawing = qr.svg("https://example.org/v/7", title="查询码")
    assert 'aria-label="查询码"' in drawing
    assert "<svg" in drawing
    side = 25 + 2 * QUIET
    assert f'viewBox="0 0 {side} {side}"' in drawing
