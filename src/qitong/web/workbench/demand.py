"""企业需求: what one company asked, used and could use, and the package that is proposed to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qitong.accounts.models import Enterprise
from qitong.casework.logic.flow import CASE_STATE_WORDS
from qitong.kernel.words import Named, Sentence, say
from qitong.policies import demand, package_words, packages, responsible, serving
from qitong.policies.demand import Profile, Use
from qitong.policies.logic import asked
from qitong.policies.logic.explain import Told
from qitong.policies.logic.package import Stage, Thing
from qitong.policies.logic.roles import Role
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.terms import REASONS, Reason
from qitong.policies.matching import Match
from qitong.policies.packages import Whole
from qitong.policies.sections import Section
from qitong.policies.serving import PackageDeed
from qitong.web.common.dates import today
from qitong.web.common.http import acting
from qitong.web.common.parts import Crumb, Row, Text

MOST = 8
"""Of a list so many are in sight; the rest is folded."""


def company_of(request: HttpRequest, uscc: str) -> Enterprise:
    """A company the reader serves or oversees; any other does not exist."""
    found = serving.find(acting(request), uscc)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line of the package as officers read it."""

    pk: int
    name: Named
    thing: Sentence
    reason: Sentence
    answer: Sentence


@dataclass(frozen=True, slots=True)
class Shown:
    """All that stands of a company on its page, read once. ``profile`` is as the reader may know it."""

    enterprise: Enterprise
    profile: Profile
    whole: Whole | None
    why_not: Sentence

    @property
    def proposals(self) -> list[Proposal]:
        edition, items = self.profile.mine.edition, self.profile.item_names
        return [
            Proposal(
                line.pk,
                package_words.name_of(line, edition, items),
                package_words.THINGS[Thing(line.thing)],
                package_words.reason_of(line, edition),
                package_words.ANSWERS[line.answer],
            )
            for line in (self.whole.lines if self.whole else ())
        ]


def read(request: HttpRequest, uscc: str) -> Shown:
    actor, found = acting(request), company_of(request, uscc)
    return Shown(
        found,
        demand.profile(found, by=actor, on=today()),
        packages.for_officers(found.pk),
        serving.why_not(actor, PackageDeed.PREPARE, serving.served(found)),
    )


def context_of(shown: Shown) -> Mapping[str, object]:
    profile, whole = shown.profile, shown.whole
    package = whole.package if whole else None
    return {
        "shown": shown,
        "enterprise": shown.enterprise,
        "rows": list(_sector_rows(profile)),
        "asked": [_use(profile, use) for use in profile.asked],
        "used": [_use(profile, use) for use in profile.used],
        "answered": profile.answered,
        "now": [_could(match) for match in profile.sections[Section.NOW]],
        "near": [_could(match) for match in profile.sections[Section.NEAR]],
        "ask": [_could(match) for match in profile.sections[Section.ASK]],
        "peers": [profile.item_names[code] for code in profile.peers_use if code in profile.item_names],
        "declined": list(_declined(profile)),
        "package": package,
        "stage": package_words.STAGES[Stage(package.stage)] if package else None,
        "is_draft": package is not None and package.stage == Stage.PROPOSED,
        "is_over": package is None or package.stage == Stage.SETTLED,
        "officer_why": responsible.reason_words(package.officer_reason) if package else None,
        "most": f":{MOST}",
        "rest": f"{MOST}:",
        "limit": MOST,
        "back": Crumb(_("企业需求"), reverse("workbench:demand")),
    }


def _sector_rows(profile: Profile) -> Iterator[Row]:
    sector = profile.sector
    yield Row(say("统一社会信用代码"), profile.enterprise.uscc)
    yield Row(say("所在园区或区县"), profile.enterprise.jurisdiction.label)
    code: Text = sector.industry or say("没有填写")
    yield Row(say("行业"), say("{name}（{code}）", name=sector.name, code=code) if sector.name else code)
    size = sector.size_words
    yield Row(
        say("规模"), say("{size}。{why}", size=size, why=sector.why_unknown) if sector.why_unknown else size
    )
    if profile.bundle:
        yield Row(say("适用的服务包"), profile.bundle.label)


def _use(profile: Profile, use: Use) -> tuple[object, Sentence, int, object]:
    """What, in which state, how often, and when last."""
    entry = profile.mine.edition.library.entries.get(use.policy)
    what: object = profile.item_names.get(use.item) or use.item or say("诉求")
    if entry is not None:
        what = say(
            "{item}（政策：{policy}）", item=what, policy=Named(entry.policy.name.zh, entry.policy.name.en)
        )
    return what, CASE_STATE_WORDS[use.state], use.count, use.last_at


@dataclass(frozen=True, slots=True)
class Could:
    """A policy the company could have, and in words what stands between: never a figure of its own."""

    code: str
    name: Named
    lacks: list[object]


def _could(match: Match) -> Could:
    name = match.entry.policy.name
    rule = match.entry.rule
    lacks: list[object] = [rule.fields[fact].label for fact in match.found.missing if fact in rule.fields]
    for told in match.found.results:
        if told.result is False:
            lacks = list(_failing(rule, told))
    return Could(match.entry.policy.id, Named(name.zh, name.en), lacks)


def _failing(rule: Rule, told: Told) -> Iterator[Sentence]:
    """Of parts that must all hold those that do not; where they are joined otherwise, the whole."""
    node = told.condition.node
    if any(line.below for line in asked.lines(node, rule)):
        yield asked.phrase(node, rule)
        return
    for found in told.findings:
        if found.role is Role.FAILED:
            yield asked.phrase(found.leaf, rule, wanted=found.wanted)


def _declined(profile: Profile) -> Iterator[tuple[object, Sentence, object]]:
    entries = profile.mine.edition.library.entries
    for one in profile.declined:
        name: object = profile.item_names.get(one.code) if one.thing is Thing.ITEM else None
        if one.thing is Thing.POLICY and one.code in entries:
            named = entries[one.code].policy.name
            name = Named(named.zh, named.en)
        yield name or one.code, REASONS[Reason(one.reason)], one.at
