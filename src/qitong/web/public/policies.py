"""The compendium of policies for everybody, dated: themes, a theme, one policy, all as a Word file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from qitong.catalogue.logic.search import Where
from qitong.datashare.docx.package import TYPE, write
from qitong.kernel.words import Named
from qitong.policies import editions
from qitong.policies.compendium import reading
from qitong.policies.compendium.as_docx import document
from qitong.policies.compendium.assemble import article
from qitong.policies.compendium.finding import find
from qitong.policies.compendium.parts import Article, Compendium
from qitong.policies.compendium.themes import THEMES, Theme
from qitong.policies.compendium.wording import HEADS, counted, reflects
from qitong.policies.logic.standing import Force
from qitong.web.common.context import Audience, audience_of
from qitong.web.common.dates import today
from qitong.web.common.http import acting
from qitong.web.common.parts import Tone
from qitong.web.common.shelf import language

SIZE = 20
LONGEST = 100
MOST = 40
"""So many results are shown; who wants others says it otherwise."""
TONES = {Force.IN_FORCE: Tone.GREEN, Force.COMING: Tone.REED}


class DayForm(forms.Form):
    """The day that is asked about; nothing: today."""

    on = forms.DateField(
        label=_("哪一天的政策"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请填写日期，如 2026-11-23。")},
    )

    def clean_on(self) -> dt.date:
        on: dt.date | None = self.cleaned_data["on"]
        if on is not None and not 1949 <= on.year <= 2100:
            raise forms.ValidationError(_("请填写1949年到2100年之间的日期。"))
        return on or today()


@dataclass(frozen=True, slots=True)
class Asked:
    """The day of a page, its form, and how its addresses name the day (not at all when it is today)."""

    on: dt.date
    form: DayForm

    @property
    def wrong(self) -> bool:
        return bool(self.form.errors)

    @property
    def query(self) -> str:
        return "" if self.on == today() else f"?on={self.on.isoformat()}"

    @property
    def status(self) -> int:
        return 422 if self.wrong else 200


def asked(request: HttpRequest) -> Asked:
    form = DayForm({"on": request.GET["on"]} if request.GET.get("on") else None, initial={"on": today()})
    good = form.is_bound and form.is_valid()
    return Asked(form.cleaned_data["on"] if good else today(), form)


@dataclass(frozen=True, slots=True)
class Shelf:
    theme: Theme
    name: Named
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """A policy that was looked for; ``because`` of which word, unless that stands in its name."""

    one: Article
    href: str
    because: str


@require_GET
def shelves(request: HttpRequest) -> HttpResponse:
    """The themes with how many policies are in force in each, or what fits the everyday words of ``?q=``."""
    day, words = asked(request), request.GET.get("q", "").strip()[:LONGEST]
    edition = editions.on_day(day.on)
    shown: dict[str, object] = {"day": day, "says": reflects(day.on), "q": words, "way": _mine(request)}
    if words:
        shown["found"] = _found(words, edition, day)
    else:
        themes = [entry.policy.theme for entry in edition.library.in_force(day.on)]
        shown["shelves"] = [
            Shelf(theme, name, _theme_address(theme, day), themes.count(theme.value))
            for theme, name in THEMES.items()
        ]
        shown["total"] = len(themes)
        shown["download"] = _download_address(None, day)
    return render(request, "public/policies.html", shown, status=day.status)


def _found(words: str, edition: editions.Edition, day: Asked) -> list[Found]:
    around, library = reading.around(edition, day.on), edition.library
    return [
        Found(
            article(library.entries[hit.code], library, day.on, around),
            _address(hit.code, day),
            hit.because if hit.where is Where.MATERIAL else "",
        )
        for hit in find(words, library.entries.values())[:MOST]
    ]


@require_GET
def chapter(request: HttpRequest, theme: str) -> HttpResponse:
    """The policies of a theme in force on the day, each whole; what is not in force is named below."""
    if theme not in set(Theme):
        raise Http404
    day, wanted = asked(request), Theme(theme)
    made = reading.published(day.on, theme=wanted)
    rest = _after(made.articles, request.GET.get("after", ""))
    shown = {
        "day": day,
        "says": reflects(day.on),
        "counted": counted(made),
        "name": THEMES[wanted],
        "articles": [(one, _tone(one), _address(one.code, day)) for one in rest[:SIZE]],
        "next": _further(rest, day),
        "first": len(rest) == len(made.articles),
        "appendix": [(one, _address(one.code, day)) for one in made.appendix],
        "heads": HEADS,
        "source": made.source,
        "download": _download_address(wanted, day),
        "back": f"{reverse('public:policies')}{day.query}",
    }
    return render(request, "public/policy_theme.html", shown, status=day.status)


def _after(articles: tuple[Article, ...], code: str) -> tuple[Article, ...]:
    """Those behind the one with this code; all when there is none (any more)."""
    places = {one.code: at for at, one in enumerate(articles)}
    return articles[places[code] + 1 :] if code in places else articles


def _further(rest: tuple[Article, ...], day: Asked) -> str:
    if len(rest) <= SIZE:
        return ""
    query = {"after": rest[SIZE - 1].code} | ({"on": day.on.isoformat()} if day.query else {})
    return f"?{urlencode(query)}"


@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One policy as it stands on the day, in force or not."""
    day = asked(request)
    edition = editions.on_day(day.on)
    entry = edition.library.entries.get(code)
    if entry is None:
        raise Http404
    one = article(entry, edition.library, day.on, reading.around(edition, day.on))
    shown = {
        "day": day,
        "one": one,
        "tone": _tone(one),
        "says": reflects(day.on),
        "heads": HEADS,
        "way": _mine(request, code, usable=one.standing.in_force),
        "theme": THEMES[one.theme],
        "theme_href": _theme_address(one.theme, day),
        "back": f"{reverse('public:policies')}{day.query}",
    }
    return render(request, "public/policy.html", shown, status=day.status)


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The compendium as a Word file: ``?theme=`` one theme, else all; ``?on=`` the day, else today."""
    day, theme = asked(request), request.GET.get("theme", "")
    if day.wrong or (theme and theme not in set(Theme)):
        raise Http404
    made = reading.published(day.on, theme=Theme(theme) if theme else None)
    spoken = "en-GB" if language() == "en" else "zh-CN"
    content = write(document(made, language=spoken, site=request.build_absolute_uri("/")))
    answer = HttpResponse(content, content_type=TYPE)
    answer["Content-Disposition"] = content_disposition_header(True, _file_name(made, theme))
    return answer


def _file_name(made: Compendium, theme: str) -> str:
    parts = [gettext("惠企政策汇编"), str(THEMES[Theme(theme)]) if theme else "", made.on.isoformat()]
    return "-".join(filter(None, parts)) + ".docx"


def _tone(one: Article) -> Tone:
    if one.standing.in_force and one.standing.to_be_verified:
        return Tone.AMBER
    return TONES.get(one.standing.force, Tone.PLAIN)


def _address(code: str, day: Asked) -> str:
    return f"{reverse('public:policy', args=[code])}{day.query}"


def _theme_address(theme: Theme, day: Asked) -> str:
    return f"{reverse('public:policy-theme', args=[theme.value])}{day.query}"


def _download_address(theme: Theme | None, day: Asked) -> str:
    query = ({"theme": theme.value} if theme else {}) | ({"on": day.on.isoformat()} if day.query else {})
    return f"{reverse('public:compendium')}{'?' if query else ''}{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class WayOn:
    """From what everybody may read to the reader's own page of it."""

    label: str
    href: str


def _mine(request: HttpRequest, code: str = "", *, usable: bool = True) -> WayOn:
    """Officers come to their desk, companies (visitors after signing in) to what they can get themselves.

    ``usable``: not of a policy that is over or has not begun, for which nobody has to look whether they fit.
    """
    audience = audience_of(request)
    if audience is Audience.OFFICER:
        desk = reverse("workbench:policy", args=[code]) if code else reverse("workbench:policies")
        return WayOn(gettext("在工作台看规则和版本"), desk)
    own: Collection[int] = acting(request).enterprise_ids if audience is Audience.COMPANY else ()
    if code and usable and len(own) == 1:
        (pk,) = own
        return WayOn(gettext("看贵企业是否符合"), reverse("portal:policy", args=[pk, code]))
    label = gettext("看贵企业能享受哪些") if own else gettext("登录后看贵企业能享受哪些")
    return WayOn(label, reverse("portal:policies"))
