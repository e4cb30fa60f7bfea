"""Every component in every state, light and dark, Chinese and English side by side: ``/gallery``.

A page for those who build pages; it has no address in production. Its words are ``Named``, so that
each column shows its own language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from qitong.casework.logic.light import Colour
from qitong.kernel.words import Named
from qitong.web.common.contrast import EDGES, GROUNDS, ON, TEXTS, contrast, themes
from qitong.web.common.paging import Page
from qitong.web.common.parts import Crumb, Event, Row, Tab, Task, TaskState, Tone
from qitong.web.common.step_graph import GraphNode, NodeState, svg

SHEET = Path(__file__).parent.parent / "static" / "qitong.css"
COLUMNS = (("light", "zh-hans"), ("dark", "en"))
SCALE = (13, 15, 17, 21, 28, 36)
KINDS = ("primary", "", "quiet", "danger")
AT = dt.datetime(2026, 10, 12, 2, 5, tzinfo=dt.UTC)


class Sample(forms.Form):
    """One of each field; sent empty, so that each shows its error too."""

    name = forms.CharField(label="企业名称 Company", help_text="与营业执照一致 As on the licence")
    code = forms.CharField(label="统一社会信用代码 Credit code", initial="91310151MA1JK0001T", required=False)
    text = forms.CharField(label="具体情况 Details", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label="方式 Way", choices=[("a", "线上 Online"), ("b", "窗口 Window")], widget=forms.RadioSelect
    )
    many = forms.MultipleChoiceField(
        label="部门 Departments",
        choices=[("a", "税务局 Taxation"), ("b", "海关 Customs")],
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.ChoiceField(label="园区 Park", choices=[("", "–"), ("a", "芦荡园区 Reed Park")])
    day = forms.DateField(label="日期 Date", widget=forms.DateInput({"type": "date"}), required=False)
    sure = forms.BooleanField(label="以上属实 This is true")
    file = forms.FileField(label="文件 File", help_text="PDF, 20 MB")


@require_GET
def gallery(request: HttpRequest, layout: str = "portal") -> HttpResponse:
    """``/gallery`` large, as companies see it; ``/gallery/workbench`` dense, as officers do."""
    columns = [_column(request, theme, language, layout) for theme, language in COLUMNS]
    return render(request, "common/gallery.html", {"layout": f"common/{layout}.html", "columns": columns})


def _column(request: HttpRequest, theme: str, language: str, layout: str) -> dict[str, Any]:
    with translation.override(language):
        shown = render_to_string("common/gallery_parts.html", pieces(theme, language), request)
    return {"theme": theme, "lang": language, "layout": layout, "parts": SafeString(shown)}


def pieces(theme: str, language: str) -> dict[str, Any]:
    """Everything a column is made of."""
    empty = {"name": "", "text": "…"}
    return {
        "theme": theme,
        "colours": list(_colours(theme)),
        "scale": SCALE,
        "lights": [colour.value for colour in Colour],
        "tones": list(Tone),
        "kinds": KINDS,
        "form": Sample(auto_id=f"{theme}_%s"),
        "wrong": Sample(empty, auto_id=f"{theme}_wrong_%s"),
        **_lists(),
        "page": Page(rows=[], previous="?cursor=a", next="?cursor=b"),
        "at": AT,
        "wide": svg(_steps(language), lang=language),
        "tall": svg(_steps(language), lang=language, vertical=True),
        **WORDS,
    }


def _lists() -> dict[str, Any]:
    return {
        "crumb": Crumb(Named("办件", "Cases"), "/gallery"),
        "tabs": [
            Tab(Named("我的", "Mine"), "/gallery", current=True, count=12),
            Tab(Named("超期", "Overdue"), "/gallery?red=1", count=0),
        ],
        "tasks": [
            Task(Named("企业情况", "The company"), TaskState.DONE, href="/gallery"),
            Task(Named("场地", "The premises"), TaskState.DOING, href="/gallery"),
            Task(Named("材料", "Documents"), TaskState.TODO, href="/gallery"),
            Task(Named("提交", "Submit"), TaskState.BLOCKED, hint=Named("先完成以上各项", "After the rest")),
        ],
        "rows": [
            Row(Named("企业", "Company"), Named("芦荡食品有限公司", "Reed Foods Ltd"), href="/gallery"),
            Row(Named("编号", "Number"), "QT26-8VHH-XPTL"),
        ],
        "events": [
            Event(
                AT,
                Named("予以受理", "Accepted"),
                by=Named("王芳", "Wang Fang"),
                href="/",
                link="QT26-8VHH-XPTL",
            ),
            Event(AT, Named("提交成功", "Submitted")),
        ],
    }


WORDS = {
    "title": Named("企业设立登记（营业执照）", "Business licence (enterprise registration)"),
    "standing": Named(
        "第6个工作日，共18个，应于2026年10月12日（周一）前办结，现由规划资源局负责推进。",
        "Working day 6 of 18, due by Monday 12 October 2026. Now with: the Planning Bureau.",
    ),
    "quoted": Named(
        "标点不落行首：“企业”说，部门（含“Qitong”一词）听；一次告知，不来回跑。",
        "No line begins with a stop: “company” asks, departments answer; told once, done once.",
    ),
    "why_not": Named(
        "缺“场地证明”，补齐后可以受理。", "The proof of premises is missing; it can be accepted then."
    ),
    "will_appear": Named(
        "提交之后，这里显示每件事由谁在办、哪天办结。",
        "Once something is submitted, this shows who has it and the day it is due.",
    ),
    "none_yet": Named("还没有办理中的事", "Nothing in progress yet"),
    "go": Named("去办一件事", "Apply for something"),
    "accept": Named("受理", "Accept"),
    "note": Named("有一份材料快到期", "One document expires soon"),
    "closed": Named("此页不对您的账号开放", "This page is not open to your account"),
    "ask": Named(
        "请本部门负责人授予权限。没有任何内容被更改。", "Ask your head of department. Nothing was changed."
    ),
}


def _colours(theme: str) -> Iterator[dict[str, object]]:
    """Each colour on its hardest ground, and what the contrast has to be."""
    tokens = themes(SHEET.read_text(encoding="utf-8"))[theme]
    for names, least in ((TEXTS, 5), (EDGES, 3)):
        for name in names:
            worst = min((contrast(tokens[name], tokens[ground]), ground) for ground in GROUNDS)
            yield {
                "name": name,
                "hex": tokens[name],
                "on": worst[1],
                "ratio": f"{worst[0]:.1f}",
                "least": least,
            }
    for name, ground in ON:
        ratio = contrast(tokens[name], tokens[ground])
        yield {"name": name, "hex": tokens[name], "on": ground, "ratio": f"{ratio:.1f}", "least": 5}


def _steps(language: str) -> list[GraphNode]:
    names = {
        "a": Named("窗口受理", "Acceptance"),
        "b": Named("规划审查", "Planning review"),
        "c": Named("消防审查", "Fire review"),
        "d": Named("作出决定", "Decision"),
        "e": Named("现场核查", "Site visit"),
    }
    plan = (
        ("a", NodeState.DONE, ()),
        ("b", NodeState.CLAIMED, ("a",)),
        ("c", NodeState.RETURNED, ("a",)),
        ("e", NodeState.DROPPED, ("a",)),
        ("d", NodeState.WAITING, ("b", "c")),
    )
    english = language == "en"
    return [
        GraphNode(key, names[key].en if english else names[key].zh, days=3, state=state, after=after)
        for key, state, after in plan
    ]
