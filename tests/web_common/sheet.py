"""One page with every component, so that a test can render it and a person can look at it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from qitong.kernel.words import Named, say
from qitong.web.common.paging import Page
from qitong.web.common.parts import Crumb, Event, Row, Tab, Task, TaskState
from qitong.web.urls import urlpatterns as surfaces

AT = dt.datetime(2026, 10, 12, 2, 5, tzinfo=dt.UTC)

SHEET = """{% extends layout %}{% load i18n qitong static %}
{% block scripts %}<script src="{% static 'autosave.js' %}" defer></script>{% endblock %}
{% block title %}sheet{% endblock %}
{% block main %}
{% crumbs crumb "CASE-7" %}
{% error_summary form %}
<h1>CASE-7</h1>
{% stepper 3 5 %}
{% tabs tabs "Views" %}
<p>{% light "green" note="6 / 18" %} {% light "amber" %} {% light "red" %}
{% light "paused" %} {% light "done" %} {% light "none" %}</p>
<p>{% chip "A" "reed" %} {% chip "B" "green" %} {% chip "C" %}
{{ at|moment }} · {{ at|weekday_date }}
· {{ money|money }} · {{ 2400000|filesize }} · {{ named|named }}</p>
{% notice tone="amber" title="N" %}<p>notice</p>{% endnotice %}
{% disclosure "D" %}<p>inside</p>{% enddisclosure %}
{% task_list tasks %}
<form method="post" novalidate data-autosave-url="/autosave">{% csrf_token %}
<p class="saved" role="status"></p>
{% for bound in form %}{% field bound %}{% endfor %}
<div class="buttons">{% button "Send" kind="primary" %}{% button "Later" href="/" %}
{% button "Cancel" kind="quiet" %}{% button "Remove" kind="danger" confirm="Sure?" %}</div></form>
{% deed "Accept" why_not=why kind="primary" %}
{% deed "Transfer" name="deed" value="transfer" %}
{% summary_list rows %}
{% timeline events %}
<div class="table-scroll wide" tabindex="0" role="region" aria-label="Cases">
<table class="cards">
<thead><tr><th scope="col">No</th><th scope="col">Light</th>
<th scope="col" class="number">Days</th></tr></thead>
<tbody>{% for row in "ab" %}
<tr><th scope="row" data-label="No">CASE-{{ row }}</th>
<td data-label="Light">{% light "red" %}</td>
<td class="number" data-label="Days">18</td></tr>{% endfor %}</tbody></table></div>
{% pagination page %}
{% empty_state "None yet" "They appear here" href="/" label="Go" %}
{% qr "https://example.org/v/1" "QR" %}
{% endblock %}"""


class SheetForm(forms.Form):
    name = forms.CharField(label="Name", help_text="hint")
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Alpha"), ("b", "Beta")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(
        label="Many",
        choices=[("a", "One"), ("b", "Two")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    place = forms.ChoiceField(label="Place", choices=[("", "–"), ("a", "Here")])
    sure = forms.BooleanField(label="I promise")
    file = forms.FileField(label="File", help_text="PDF")


def pieces() -> dict[str, Any]:
    return {
        "form": SheetForm({"name": "", "text": "kept", "kind": ""}),
        "crumb": Crumb(say("我的办件"), "/"),
        "tabs": [Tab("All", "/", current=True, count=12), Tab("Red", "/?red=1", count=0)],
        "tasks": [
            Task("Company", TaskState.DONE, href="/"),
            Task("Site", TaskState.DOING, href="/"),
            Task("Documents", TaskState.TODO, href="/"),
            Task("Submit", TaskState.BLOCKED, hint="first the rest"),
        ],
        "at": AT,
        "money": 1200,
        "named": Named("规划局", "Planning"),
        "why": say("请填写{what}。", what="X"),
        "rows": [Row("Company", "Reed Ltd", href="/"), Row("Address", "1 Reed Road")],
        "events": [
            Event(AT, "Accepted", by="Lin", text="words", href="/", link="Receipt"),
            Event(AT, "Submitted"),
        ],
        "page": Page(rows=[], previous="?cursor=a", next="?cursor=b"),
    }


def sheet(request: HttpRequest, layout: str) -> HttpResponse:
    context = RequestContext(request, {**pieces(), "layout": f"common/{layout}.html"})
    return HttpResponse(Template(SHEET).render(context))


urlpatterns = [path("sheet/<layout>", sheet), *surfaces]
