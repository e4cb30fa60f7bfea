"""Companies with facts, two editors, and a policy of one number: what the tests of publishing play with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

from qitong.accounts.actors import Actor, Role, actor_for
from qitong.accounts.enterprises import Registration
from qitong.accounts.models import Jurisdiction
from qitong.kernel.limits import SHANGHAI
from qitong.kernel.uscc import check_character
from qitong.policies import check, consequences, drafting, publish, recheck, releasing
from qitong.policies.check import packaged
from qitong.policies.library import Library
from qitong.policies.logic.terms import Source
from qitong.policies.models import CompanyFact, PolicyVersion
from tests.accounts import cast
from tests.automation.queue import react_to_all

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
SYSTEM = Actor.system("test")
CODE = "green_share"
TEXT = """\
schema: 1
id: green_share
name: {zh: 绿色投入奖励, en: Award for green spending}
theme: trade_and_local
level: [district]
region: "310151"
department: jw
documents:
  - {number: 沪崇经〔2026〕9号}
basis: {zh: 办法第三条, en: Measures art. 3}
valid: {from: 2026-01-01, to: 2027-12-31}
status: active
windows:
  - {open: 2026-11-01, close: 2026-12-15, basis: {zh: 通知, en: Notice}}
confidence: high
inputs:
  green_spent:
    name: {zh: 绿色投入, en: Green spending}
    unit: wan
    period: last_year
    question: {zh: 上年度绿色投入是多少？, en: How much was spent on green measures last year?}
  green_sales:
    name: {zh: 上年度营业额, en: Turnover of last year}
    unit: wan
    period: last_year
    question: {zh: 上年度营业额是多少？, en: What was last year’s turnover?}
conditions:
  - {id: C1, rule: green_spent / green_sales >= 5%, kind: hard, clause: 第三条}
benefit: {type: subsidy, amount: green_spent * 10%, unit: wan, period: once, ceiling: 50万元}
examples:
  - {name: at, in: {green_spent: 50, green_sales: 1000}, expect: eligible, benefit: 5}
  - {name: far, in: {green_spent: 10, green_sales: 1000}, expect: not_eligible}
  - {name: gap, in: {green_sales: 1000}, expect: unknown}
  - {name: below, like: at, in: {green_spent: 49.999999}, expect: not_eligible, benefit: 4.9999999}
  - {name: capped, like: at, in: {green_spent: 500.000001}, expect: eligible, benefit: 50}
"""
FOR_FARMS = (
    TEXT.partition("inputs:")[0]
    + """\
inputs:
  industry_code:
    name: {zh: 行业代码, en: Industry code}
    unit: code
    question: {zh: 属于哪个行业？, en: Which industry?}
conditions:
  - {id: C1, rule: "starts(industry_code, 'A')", kind: hard, clause: 第三条}
benefit: {type: subsidy, amount: 5万元, unit: wan, period: once}
examples:
  - {name: farm, in: {industry_code: A0511}, expect: eligible, benefit: 5}
  - {name: works, in: {industry_code: C1411}, expect: not_eligible}
  - {name: gap, in: {}, expect: unknown}
"""
)
"""The same policy for whom its register entry says that it farms: nothing has to be asked."""


def library(text: str = TEXT) -> Library:
    """The packaged library with the policy of one number."""
    with TemporaryDirectory() as folder:
        code = text.partition("\nid: ")[2].partition("\n")[0]
        (Path(folder) / f"{code}.yaml").write_text(text, encoding="utf-8")
        found, problems = check.check_paths([Path(folder)])
    assert found is not None, [str(problem) for problem in problems]
    return Library(found.entries, packaged().sizes)


def loaded(at: dt.datetime = AT, text: str = TEXT) -> PolicyVersion:
    """The policy as it newly comes to a system in use, everybody judged."""
    if not PolicyVersion.objects.exists():
        publish.load(Library({}, packaged().sizes), by=SYSTEM, at=at)
    publish.load(library(text), by=SYSTEM, at=at)
    recheck.run(by=SYSTEM, at=at)
    return PolicyVersion.objects.get(code=CODE, number=1)


def editors() -> tuple[Actor, Actor]:
    """Two policy editors, neither of whom may publish what they wrote."""
    first, second = (cast.officer(Role.POLICY_EDITOR) for _ in range(2))
    return actor_for(first, on=AT.date()), actor_for(second, on=AT.date())


def new_company(number: int, industry_code: str = "") -> Registration:
    """A company that has just registered, with one person who acts for it; nothing has followed from that."""
    park, _ = Jurisdiction.objects.get_or_create(
        code="310151-P1", defaults={"name_zh": "园区", "name_en": "Park", "level": "city"}
    )
    first = f"91310151MA{number:07d}"
    contact, name = cast.newcomer(login=f"1770{number:07d}"), f"第{number}企业有限公司"
    uscc = first + check_character(first)
    return cast.registered(park, uscc=uscc, name=name, contact=contact, industry_code=industry_code)


def company(number: int, spent: object = None, sales: object = 1000) -> Registration:
    """A company that is here for a while, with these facts (万元) of last year."""
    made = new_company(number)
    react_to_all(AT)
    given = {"green_spent": spent, "green_sales": sales}
    for name, value in given.items():
        if value is not None:
            says(made, name, value)
    return made


def says(made: Registration, name: str, value: object, at: dt.datetime = AT) -> None:
    """What the company says today, as its answer is kept; the entry that goes with it."""
    CompanyFact.objects.create(
        enterprise=made.enterprise,
        name=name,
        year=at.year - 1,
        value=value,
        unit="wan",
        source=Source.ANSWER.value,
        as_of=at.date(),
        given_by=made.administrator,
        given_at=at,
    )


def turned(spent: str, by: Actor, at: dt.datetime = AT) -> PolicyVersion:
    """A draft in which the share asked for is ``spent`` percent; what its edges need was looked at."""
    return turned_on(drafting.begin(code=CODE, by=by, at=at), spent, by=by, at=at)


def turned_on(draft: PolicyVersion, spent: str, *, by: Actor, at: dt.datetime = AT) -> PolicyVersion:
    """The draft as it is, turned again."""

    def turn(accepted: str) -> PolicyVersion:
        numbers, seen = {"C1.1": spent}, draft.content_hash
        return drafting.turn(
            draft_id=draft.pk, numbers=numbers, days={}, seen=seen, accepted=accepted, by=by, at=at
        )

    try:
        return turn("")
    except drafting.ExamplesMove as shown:
        return turn(shown.digest)


def published(
    draft: PolicyVersion, *, by: Actor, at: dt.datetime = AT, on: dt.date | None = None
) -> PolicyVersion:
    """As it is seen, from ``on`` (default: the day) on, its consequences counted."""
    count = consequences.ask(draft_id=draft.pk, by=by, at=at)
    consequences.run(count.pk, at=at)
    day, seen = on or at.date(), draft.content_hash
    return releasing.publish(draft_id=draft.pk, seen=seen, effective_on=day, by=by, at=at)
