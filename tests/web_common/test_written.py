"""Parts of pages that no template writes: nothing from elsewhere becomes markup."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from qitong.kernel.words import Named, say
from qitong.web.common.context import Link
from qitong.web.common.parts import Event, Row
from qitong.web.common.written import said, summary_list, timeline, way

AT = dt.datetime(2026, 10, 11, 16, 5, tzinfo=dt.UTC)  # already the 12th in Shanghai
BAD = "<b>\"'&"
SAFE = "&lt;b&gt;&quot;&#x27;&amp;"


@pytest.mark.parametrize("value", [BAD, say("{x}", x=BAD), Named(BAD, BAD)])
def test_what_comes_from_elsewhere_is_escaped(value: object) -> None:
    assert said(value) == SAFE


def test_markup_stays_and_a_number_is_a_number() -> None:
    assert said(format_html("<b>{}</b>", BAD)) == f"<b>{SAFE}</b>"
    assert said(12) == "12"


def test_an_event_says_when_in_the_time_of_the_place() -> None:
    html = timeline([Event(AT, BAD, by=BAD, text=BAD, href="/x?a&b", link=BAD)])
    assert '<time datetime="2026-10-12T00:05:00+08:00">2026年10月12日（周一） 00:05</time>' in html
    assert html.count(SAFE) == 4
    assert BAD not in html
    assert 'href="/x?a&amp;b"' in html


def test_a_row_that_can_be_changed_names_itself_to_those_who_hear_it() -> None:
    html = summary_list([Row(BAD, BAD), Row(_("企业"), "x", "/y")])
    assert html.count(SAFE) == 2
    assert '<a href="/y">修改<span class="hidden-text"> 企业</span></a>' in html


def test_a_way_says_where_one_is_and_what_waits_there() -> None:
    link = Link(_("消息"), "/messages", current=True, waiting=lambda: "99+")
    with translation.override("en"):
        assert 'aria-current="page">Messages <span class="waiting" aria-hidden="true">99+</span>' in way(link)
    assert "waiting" not in way(Link("消息", "/messages", current=False, waiting=lambda: 0))
