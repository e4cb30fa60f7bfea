"""From the library of a day to the compendium of a theme: one pure function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies.compendium import telling
from qitong.policies.compendium.parts import (
    Article,
    Chapter,
    Cited,
    Clause,
    Compendium,
    Other,
    Scoring,
    Text,
    Way,
)
from qitong.policies.compendium.themes import LEVELS, THEMES, Theme
from qitong.policies.compiling import named
from qitong.policies.library import Entry, Library
from qitong.policies.logic.asked import joined, lines
from qitong.policies.logic.clauses import place
from qitong.policies.logic.formulas import formula
from qitong.policies.logic.rule import EVERYWHERE
from qitong.policies.logic.standing import Standing
from qitong.policies.logic.units import Kind
from qitong.policies.logic.window_words import window_words
from qitong.policies.logic.wording import amount
from qitong.policies.schema import Document

FILES = say("随程序提供的政策文件，以本园区正式发布的为准。")
PUBLISHED = say("本平台已发布的政策版本。")
_ORDER = {level: place for place, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Around:
    """What policies name by code, and whose compendium it is. ``versions``: the number of each version."""

    place: Text
    source: Sentence
    departments: Mapping[str, Named] = field(default_factory=dict)
    items: Mapping[str, Named] = field(default_factory=dict)
    regions: Mapping[str, Named] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)


def assemble(library: Library, on: dt.date, around: Around, *, theme: Theme | None = None) -> Compendium:
    """The policies of ``theme`` (None: of all themes) as they stand on ``on``, in their order."""
    themes = [theme] if theme else list(Theme)
    entries = in_order(library.entries.values())
    articles = [article(entry, library, on, around) for entry in entries if entry.policy.theme in themes]
    chapters = (
        Chapter(one, THEMES[one], tuple(a for a in articles if a.theme is one and a.standing.in_force))
        for one in themes
    )
    title = say("{place}惠企政策汇编", place=around.place)
    if theme:
        title = say("{place}惠企政策汇编：{theme}", place=around.place, theme=THEMES[theme])
    return Compendium(
        on=on,
        place=around.place,
        title=title,
        source=around.source,
        chapters=tuple(chapter for chapter in chapters if chapter.articles),
        appendix=tuple(a for a in articles if not a.standing.in_force),
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """From the country down to the district, then by code: the same order everywhere."""
    return sorted(entries, key=lambda entry: (_rank(entry), entry.policy.id))


def _rank(entry: Entry) -> int:
    return min(_ORDER[level] for level in entry.policy.level)


def article(entry: Entry, library: Library, on: dt.date, around: Around) -> Article:
    """One policy on a day, in force or not."""
    policy, standing = entry.policy, entry.standing(on)
    successor = next(iter(_others([policy.superseded_by or ""], library)), None)
    return Article(
        code=policy.id,
        number=around.versions.get(policy.id, 0),
        name=named(policy.name),
        theme=Theme(policy.theme),
        standing=standing,
        state=telling.state(entry, standing, successor.name if successor else None),
        successor=successor,
        short=telling.state_short(standing),
        window=window_words(standing),
        level=telling.level(policy.level),
        documents=tuple(_cited(document) for document in policy.documents),
        facts=telling.facts(entry, standing, around.departments, around.regions),
        benefit=telling.benefit(entry),
        scope=() if entry.rule.applies == EVERYWHERE else lines(entry.rule.applies, entry.rule),
        clauses=tuple(_clauses(entry)),
        scores=tuple(_scores(entry)),
        excludes=_others(policy.exclusive_with, library),
        excludes_outside=tuple(named(text) for text in policy.exclusive_outside),
        stacks=_others(policy.stackable_with, library),
        materials=tuple(named(material) for material in policy.materials),
        way=_way(entry, standing, around),
        notes=named(policy.notes) if policy.notes else None,
    )


def _cited(document: Document) -> Cited:
    parts = [part for part in (document.title, document.note) if part]
    zh, en = "，".join(part.zh for part in parts), ", ".join(part.en for part in parts)
    return Cited(document.number or "", Named(zh, en))


def _clauses(entry: Entry) -> Iterable[Clause]:
    for condition in entry.rule.conditions:
        asked = joined(lines(condition.node, entry.rule))
        yield Clause(condition.id, place(condition.clause), condition.manual, asked)


def _scores(entry: Entry) -> Iterable[Scoring]:
    for score, spec in zip(entry.rule.scores, entry.policy.scores, strict=True):
        parts = (
            say("{label}：{points}", label=named(part.label), points=formula(node, entry.rule, Kind.POINTS))
            for node, part in zip(score.parts, spec.parts, strict=True)
        )
        joins = say("取得分最高的一项") if score.best else say("各项得分相加")
        most = amount(score.maximum, Kind.POINTS)
        yield Scoring(score.label, most, joins if len(score.parts) > 1 else NOTHING, tuple(parts))


def _others(codes: Iterable[str], library: Library) -> tuple[Other, ...]:
    known = (library.entries[code] for code in codes if code in library.entries)
    return tuple(Other(entry.policy.id, named(entry.policy.name)) for entry in known)


def _way(entry: Entry, standing: Standing, around: Around) -> Way:
    policy = entry.policy
    if not standing.in_force:
        return Way(say("这一天不受理申请。"), "")
    if policy.item and policy.item in around.items:
        return Way(say("在平台办理事项“{item}”。", item=around.items[policy.item]), f"/items/{policy.item}")
    department = telling.department(policy.department, around.departments)
    return Way(
        say(
            "平台没有对应的线上事项：登录后从这项政策开一份诉求，或者向{department}办理。",
            department=department,
        ),
        "",
    )
