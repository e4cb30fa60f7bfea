"""A match in words: the outcome in one sentence, what it brings, until when, each condition and its facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from qitong.casework.logic.flow import CaseState
from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies.factwords import source_words, value_words
from qitong.policies.logic import asked, wording
from qitong.policies.logic.clauses import place
from qitong.policies.logic.explain import Told
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.roles import Role
from qitong.policies.logic.rule import Period
from qitong.policies.logic.standing import Force
from qitong.policies.logic.tree import names
from qitong.policies.logic.units import Kind
from qitong.policies.logic.window_words import window_words
from qitong.policies.logic.wording import shown
from qitong.policies.matching import Match
from qitong.policies.queries import Known, Mine, is_open
from qitong.policies.sections import Section, is_near, section_of, unclear
from qitong.policies.stakes import TIME_ONLY
from qitong.web.common.dates import shown as date_shown
from qitong.web.common.parts import Tone
from qitong.web.portal.policy_choices import excluded

SECTIONS: dict[Section, tuple[Sentence, Sentence]] = {
    Section.NOW: (say("现在可以享受"), say("条件符合，或者只差主管部门判断。")),
    Section.ASK: (say("需要您回答"), say("回答几个问题，就知道能不能享受。")),
    Section.NEAR: (say("只差一项"), say("其他条件都符合，只有一项没有达到，写明差多少。")),
    Section.NOT: (say("目前不适合"), say("条件不符合、不在适用范围，或您说过不适合。")),
}
CHIPS: dict[Outcome, tuple[Sentence, Tone]] = {
    Outcome.ELIGIBLE: (say("符合条件"), Tone.GREEN),
    Outcome.MANUAL_REVIEW: (say("待主管部门判断"), Tone.REED),
    Outcome.UNKNOWN: (say("还差情况"), Tone.AMBER),
    Outcome.NOT_ELIGIBLE: (say("有条件不符合"), Tone.PLAIN),
    Outcome.NOT_APPLICABLE: (say("不在适用范围"), Tone.PLAIN),
}
RESULTS: dict[bool | None, tuple[Sentence, Tone]] = {
    True: (say("符合"), Tone.GREEN),
    False: (say("不符合"), Tone.RED),
    None: (say("还不清楚"), Tone.AMBER),
}
TO_JUDGE = (say("人工判断"), Tone.REED)
PERIODS = {Period.ONCE: say("一次性"), Period.YEAR: say("每年"), Period.MONTH: say("每月")}


def outcome(match: Match) -> Sentence:
    """The whole answer in one sentence."""
    found = match.found
    match found.outcome:
        case Outcome.ELIGIBLE:
            return say("按现有情况，贵企业符合这项政策的全部条件。")
        case Outcome.MANUAL_REVIEW:
            count = sum(told.condition.manual for told in found.results)
            return say("能核对的条件都符合，另有{n}项由主管部门判断。", n=count)
        case Outcome.UNKNOWN:
            return say("还差{n}项情况，回答后才能判断。", n=len(found.missing))
        case Outcome.NOT_APPLICABLE:
            return say("贵企业不在这项政策的适用范围内。")
    return _not_eligible(match)


def _not_eligible(match: Match) -> Sentence:
    results = match.found.results
    if is_near(match):
        return say("只差一项条件：{gap}", gap=next(gap_of(told) for told in results if gap_of(told)))
    count, open_ = sum(told.result is False for told in results), unclear(match)
    if open_:
        return say("有{n}项条件不符合，另有{open}项还不清楚。", n=count, open=open_)
    return say("有{n}项条件不符合。", n=count)


def gap_of(told: Told) -> Sentence:
    """What is lacking for a condition that fails; empty for any other."""
    if told.result is not False:
        return NOTHING
    lacking = [finding for finding in told.findings if finding.role is Role.FAILED]
    by_amount = [finding for finding in lacking if finding.gap is not None]
    return next((finding.says for finding in [*by_amount, *lacking]), NOTHING)


def benefit(match: Match) -> Sentence:
    """What it brings, with its unit and how often."""
    spec, worth = match.entry.policy.benefit, match.found.benefit
    note = Named(spec.note.zh, spec.note.en) if spec.note else None
    if worth is None:
        lacking = wording.labels(match.found.benefit_missing, match.entry.rule)
        return say("金额还不能估算，还缺：{facts}。", facts=lacking) if lacking else say("金额还不能估算。")
    if worth == 0 or spec.unit == "none":
        return say("{note}", note=note) if note else say("没有直接的金额。")
    told = {"amount": shown(worth, Kind.MONEY), "period": PERIODS[spec.period]}
    if spec.type == TIME_ONLY:
        return say("可提前扣除{amount}（时间性利益）。", **told)
    return say("预计{period}{amount}", **told)


def standing(match: Match) -> Sentence:
    """In force or not, in words; empty when it simply is."""
    policy, now = match.entry.policy, match.standing
    last = policy.valid.to
    match now.force:
        case Force.COMING:
            return say("这项政策从{day}起施行，现在还不能申请。", day=date_shown(policy.valid.from_))
        case Force.SUPERSEDED:
            return say("这项政策已被新政策取代，不再受理。")
        case Force.EXPIRED if last:
            return say("这项政策的有效期到{day}为止，已经过期。", day=date_shown(last))
        case Force.ABOLISHED | Force.EXPIRED:
            return say("这项政策已经废止。")
    return say("文件还在核实，以主管部门最新公布的为准。") if now.to_be_verified else NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """A policy in the list of one company."""

    name: Named
    href: str
    says: Sentence
    benefit: Sentence
    window: Sentence
    chip: tuple[object, Tone]


def line(mine: Mine, one: Match) -> Line:
    policy = one.entry.policy
    chip: tuple[object, Tone] = CHIPS[one.found.outcome]
    left = excluded(mine, policy.id)
    if policy.id in mine.unsuitable:
        chip = (say("您说过不适合"), Tone.PLAIN)
    elif (applied := mine.applied.get(policy.id)) and is_open(applied):
        draft = applied.case.state == CaseState.DRAFT
        chip = (say("草稿没有提交") if draft else say("已在申请"), Tone.TIDE)
    elif left:
        chip = (say("不选"), Tone.PLAIN)
    told = section_of(one) is not Section.NOT and one.found.benefit is not None
    brings = benefit(one) if told else NOTHING
    return Line(
        Named(policy.name.zh, policy.name.en),
        reverse("portal:policy", args=[mine.enterprise.pk, policy.id]),
        left or outcome(one),
        brings,
        window_words(one.standing) if one.standing.window else NOTHING,
        chip,
    )


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact with where it comes from and the way to answer it anew; ``href`` is empty for what follows."""

    label: Named
    value: object
    source: object
    as_of: dt.date | None
    href: str

    @property
    def origin(self) -> Sentence:
        """Where it comes from and since when, in brackets."""
        if self.as_of is None:
            return say("（{source}）", source=self.source)
        return say("（{source}，{day}）", source=self.source, day=date_shown(self.as_of))


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """``says``: what is asked, with value, bound and gap; ``facts``: what it was judged by.

    ``whole``: all that it asks of anybody, where its parts are joined by more than "and"; then ``says`` has
    only what is lacking, or by which of its parts the company meets it: sentences side by side of all of
    them would read as if each had to hold.
    """

    id: str
    clause: Named | None
    word: Sentence
    tone: Tone
    says: tuple[Sentence, ...]
    facts: tuple[FactLine, ...]
    whole: tuple[asked.Line, ...]


def conditions(mine: Mine, one: Match) -> Iterator[ConditionLine]:
    for told in one.found.results:
        manual = told.condition.manual and told.result is not False
        word, tone = TO_JUDGE if manual else RESULTS[told.result]
        read = dict.fromkeys(name for f in told.findings for name in names(f.leaf))
        facts = tuple(_fact(mine, one, name) for name in read)
        whole = asked.lines(told.condition.node, one.found.rule)
        whole = whole if any(line.below for line in whole) else ()
        telling = [f for f in told.findings if f.role is not Role.BESIDE]
        if whole:
            telling = [f for f in telling if f.gap is not None or (told.result and f.role is Role.MET)]
        says = dict.fromkeys(f.says for f in telling)
        clause = place(told.condition.clause)
        yield ConditionLine(told.condition.id, clause, word, tone, tuple(says), facts, whole)


def _fact(mine: Mine, one: Match, name: str) -> FactLine:
    spec = one.found.rule.fields[name]
    known, value = mine.known.get(name), mine.facts.get(name)
    asked_as = name if known else mine.edition.library.main(name)
    href = f"{question_address(mine, asked_as)}?for={one.entry.policy.id}"
    if value is None:
        return FactLine(spec.label, _nothing(mine, name), "", None, href)
    if known is None or known.value is None:
        return FactLine(spec.label, value_words(spec, value), _derived(mine.behind(name)), None, href)
    return FactLine(spec.label, value_words(spec, value), source_words(known), known.as_of, href)


def _nothing(mine: Mine, name: str) -> Sentence:
    """Why a fact is not known."""
    if name in mine.known:
        return say("您说过还不清楚")
    shared = mine.spoken.withheld.get(name)
    if shared is not None:
        return say("授权已撤销，{source}的数据不再使用", source=source_words(shared))
    return say("还没有回答")


def _derived(behind: list[Known]) -> Sentence:
    """Of what it follows, with the source and the day of each."""
    each = [
        say("{fact}：{source}，{day}", fact=k.spec.label, source=source_words(k), day=date_shown(k.as_of))
        for k in behind
    ]
    return say("按其他情况推算：{facts}", facts=each) if each else say("按其他情况推算")


def question_address(mine: Mine, name: str) -> str:
    return reverse("portal:policy_question", args=[mine.enterprise.pk, name])
