"""A service package from its proposal to its last answer; what was declined is never proposed again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from qitong.accounts import absences, people
from qitong.accounts.actors import Actor
from qitong.casework.models import Case
from qitong.kernel.errors import Refused
from qitong.notifications.models import Message
from qitong.policies import answering, applying, keeping_up, packages, peers, proposing, suitability
from qitong.policies.logic.package import Stage as Life
from qitong.policies.logic.package import Thing
from qitong.policies.models import PackageLine, ServicePackage
from tests.automation.queue import react_to_all
from tests.policies.conftest import Company
from tests.policies.packaging import WANG, Served
from tests.policies.played import HE, LIN
from tests.policies.test_what_a_company_sees import HI_TECH, PASSES

SOLAR = "pv_grid_connection"


def codes(package: ServicePackage) -> list[str]:
    return list(package.lines.order_by("position").values_list("code", flat=True))


def test_a_package_has_policies_items_reasons_and_one_officer(served: Served) -> None:
    made = served.proposed()
    assert made.bundle == "manufacturing"
    assert {"rd_super_deduction", SOLAR} <= set(codes(made))
    assert made.officer == served.stage.cast.user(WANG)
    assert made.officer_reason == "on_duty"
    assert served.line(SOLAR).detail["zh"]
    assert len(served.entries("package.proposed")) == 1


def test_proposed_twice_it_is_one(served: Served) -> None:
    assert served.proposed() == served.proposed()
    assert ServicePackage.objects.count() == 1
    assert len(served.entries("package.proposed")) == 1


def test_who_has_the_companys_latest_case_is_its_officer(served: Served) -> None:
    case = served.stage.submit(
        served.stage.request(served.company.uscc, LIN, "门前积水", "雨后不能通行。"), LIN
    )
    other = served.stage.cast.user("li.qiang")
    Case.objects.filter(pk=case.pk).update(owner=other)
    made = served.proposed()
    assert (made.officer, made.officer_reason) == (other, "serves")


def test_who_is_away_is_stood_in_for(served: Served) -> None:
    stage, day = served.stage, served.stage.day()
    absences.record(
        user=stage.cast.user(WANG),
        substitute=stage.cast.user("zhao.min"),
        starts_on=day,
        ends_on=day,
        by=stage.who(WANG),
        at=stage.tick(),
    )
    made = served.proposed("chen.jing")
    assert made.officer == stage.cast.user("zhao.min")
    assert made.officer_reason == "substitute_of_duty"


def test_an_officer_adds_takes_out_and_writes_a_sentence(served: Served) -> None:
    served.proposed()
    by, at, key = served.stage.who(WANG), served.stage.tick(), served.company.pk
    proposing.add(enterprise_id=key, thing="item", code="customs_filing", reason="下半年要出口", by=by, at=at)
    proposing.remove(enterprise_id=key, line_id=served.line(SOLAR).pk, by=by, at=at)
    made = proposing.write(enterprise_id=key, text="方便时我来一趟。", by=by, at=at)
    assert "customs_filing" in codes(made)
    assert SOLAR not in codes(made)
    assert made.note == "方便时我来一趟。"
    assert [sorted(entry.body) for entry in served.entries("package.adjusted")] == [
        ["added", "package", "text"],
        ["package", "removed"],
        ["package", "text"],
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": SOLAR}, "twice"),
        ({"code": "no_such"}, "not_found"),
        ({"thing": "policy", "code": "little_giant_2022"}, "not_found"),
        ({"thing": "nothing"}, "not_found"),
        ({"reason": " "}, "missing"),
        ({"reason": "长" * 201}, "missing"),
    ],
)
def test_what_cannot_be_added_is_refused(served: Served, given: dict[str, str], code: str) -> None:
    served.proposed()
    asked = {"thing": "item", "code": "customs_filing", "reason": "要出口", **given}
    with pytest.raises(Refused) as why:
        proposing.add(
            enterprise_id=served.company.pk, **asked, by=served.stage.who(WANG), at=served.stage.tick()
        )
    assert why.value.code == code


def test_sent_it_is_told_to_the_company_once(served: Served) -> None:
    made = served.sent()
    react_to_all(served.stage.at)
    react_to_all(served.stage.at)
    [message] = Message.objects.filter(kind="package.sent")
    assert message.recipient == served.stage.cast.user(LIN)
    with translation.override("zh-hans"):
        assert str(message.sentence).startswith("王芳为崇明绿源新材料有限公司准备了一份服务包，共")
    with pytest.raises(Refused) as why:
        proposing.write(
            enterprise_id=served.company.pk, text="再加", by=served.stage.who(WANG), at=served.stage.tick()
        )
    assert why.value.code == "sent"
    assert made.stage == Life.SENT


def test_opened_by_its_people_only_and_once(served: Served) -> None:
    served.sent()
    with pytest.raises(Refused) as why:
        answering.open_it(enterprise_id=served.company.pk, by=served.stage.who(HE), at=served.stage.tick())
    assert why.value.code == "forbidden"
    for _ in range(2):
        made = answering.open_it(
            enterprise_id=served.company.pk, by=served.stage.who(LIN), at=served.stage.tick()
        )
    assert made.stage == Life.OPENED
    assert len(served.entries("package.opened")) == 1


def test_an_item_that_is_taken_up_is_a_draft_once(served: Served) -> None:
    served.sent()
    case = served.accepts(served.line(SOLAR))
    assert isinstance(case, Case)
    assert case.item_version is not None
    assert case.item_version.code == SOLAR
    assert served.accepts(served.line(SOLAR)) == case
    assert served.line(SOLAR).case == case
    assert len(served.entries("package.answered")) == 1


def test_a_policy_that_is_met_becomes_a_draft_and_one_that_asks_leads_to_its_page(
    served: Served, green: Company
) -> None:
    green.answers(**{name: value for name, value in PASSES.items() if name != "months_since_registration"})
    green.answers(registered_on="2019-01-01")
    served.sent()
    case = served.accepts(served.line(HI_TECH))
    assert isinstance(case, Case)
    assert "研究开发费用" in case.form["description"]
    unknown = served.line("rd_super_deduction")
    assert served.accepts(unknown) is None
    assert served.line("rd_super_deduction").answer == "accepted"


def test_applied_for_at_the_policy_itself_the_line_is_answered_too(served: Served) -> None:
    served.sent()
    case = applying.apply(
        enterprise_id=served.company.pk,
        policy="rd_super_deduction",
        by=served.stage.who(LIN),
        at=served.stage.tick(),
    )
    line = served.line("rd_super_deduction")
    assert (line.answer, line.case) == ("accepted", case)


def test_declined_with_a_reason_and_never_proposed_again(served: Served) -> None:
    served.sent()
    with pytest.raises(Refused):
        served.declines(served.line(SOLAR), "other")
    served.declines(served.line(SOLAR), "other", "屋顶是租的")
    served.declines(served.line("rd_super_deduction"))
    proposing.withdraw(enterprise_id=served.company.pk, by=served.stage.who(WANG), at=served.stage.tick())
    again = served.proposed()
    assert not {SOLAR, "rd_super_deduction"} & set(codes(again))
    for code in (SOLAR, "rd_super_deduction"):
        with pytest.raises(Refused) as why:
            proposing.add(
                enterprise_id=served.company.pk,
                thing="item",
                code=code,
                reason="再看看",
                by=served.stage.who(WANG),
                at=served.stage.tick(),
            )
        assert why.value.code == "unsuitable"


def test_what_is_taken_back_may_be_proposed_again(served: Served) -> None:
    by, key = served.stage.who(LIN), served.company.pk
    suitability.declare(
        enterprise_id=key, thing=Thing.ITEM, code=SOLAR, reason="no_need", by=by, at=served.stage.tick()
    )
    suitability.declare(
        enterprise_id=key, thing=Thing.ITEM, code=SOLAR, reason="too_much", by=by, at=served.stage.tick()
    )
    suitability.take_back(enterprise_id=key, thing=Thing.ITEM, code=SOLAR, by=by, at=served.stage.tick())
    assert SOLAR in codes(served.proposed())
    assert len(served.entries("item.unsuitable")) == 1
    assert len(served.entries("item.suitable_again")) == 1


def test_declined_before_it_was_sent_it_is_left_out(served: Served) -> None:
    served.proposed()
    suitability.declare(
        enterprise_id=served.company.pk,
        thing=Thing.ITEM,
        code=SOLAR,
        reason="no_need",
        by=served.stage.who(LIN),
        at=served.stage.tick(),
    )
    made = proposing.send(enterprise_id=served.company.pk, by=served.stage.who(WANG), at=served.stage.tick())
    assert SOLAR not in codes(made)


def test_with_the_last_answer_it_is_settled_and_its_officer_hears_of_it(served: Served) -> None:
    made = served.sent()
    for line in made.lines.all():
        served.declines(line)
    made.refresh_from_db()
    assert made.stage == Life.SETTLED
    react_to_all(served.stage.at)
    [message] = Message.objects.filter(kind="package.answered")
    assert message.recipient == served.stage.cast.user(WANG)
    with translation.override("zh-hans"):
        assert "要办0项" in str(message.sentence)


def test_the_database_itself_proposes_nothing_twice_and_nothing_declined(served: Served) -> None:
    made = served.proposed()
    line = served.line(SOLAR)
    line.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)
    suitability.declare(
        enterprise_id=served.company.pk,
        thing=Thing.ITEM,
        code="customs_filing",
        reason="no_need",
        by=served.stage.who(LIN),
        at=served.stage.tick(),
    )
    first = ServicePackage.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PackageLine.objects.create(
            package=first, thing="item", code="customs_filing", position=99, why="officer"
        )


@pytest.mark.parametrize("who", ["li.qiang", "sun.lei", WANG])
def test_the_window_prepares(served: Served, who: str) -> None:
    assert served.proposed(who)


@pytest.mark.parametrize("who", ["hg.reviewer", "fgw.head", "zhou.jun", "wu.hong", "policy", LIN, HE])
def test_nobody_else_prepares(served: Served, who: str) -> None:
    with pytest.raises(Refused) as why:
        served.proposed(who)
    assert why.value.code == "forbidden"
    assert not ServicePackage.objects.exists()


def test_the_program_proposes_once_a_quarter_and_tells_nobody(served: Served) -> None:
    by, at = Actor.system("packages"), served.stage.tick()
    peers.count(at=at)
    assert keeping_up.propose_due(by=by, at=at) == 1
    assert keeping_up.propose_due(by=by, at=at) == 0
    made = ServicePackage.objects.get()
    assert made.proposed_by == "system:packages"
    react_to_all(at)
    assert not Message.objects.filter(kind__startswith="package").exists()
    proposing.withdraw(enterprise_id=served.company.pk, by=served.stage.who(WANG), at=at)
    assert keeping_up.propose_due(by=by, at=at + dt.timedelta(days=89)) == 0
    assert keeping_up.propose_due(by=by, at=at + dt.timedelta(days=91)) == 1


def test_a_leavers_package_goes_to_another_and_both_sides_hear_of_it(served: Served) -> None:
    served.sent()
    stage = served.stage
    people.close_user(user=stage.cast.user(WANG), by=Actor.system("test"), at=stage.tick())
    by = Actor.system("packages")
    assert keeping_up.give_on(by=by, at=stage.tick()) == 1
    assert keeping_up.give_on(by=by, at=stage.tick()) == 0
    found = packages.of_company(served.company.pk)
    assert found is not None
    assert found.package.officer != stage.cast.user(WANG)
    react_to_all(stage.at)
    told = set(Message.objects.filter(kind="package.officer").values_list("recipient", flat=True))
    assert told == {found.package.officer.pk, stage.cast.user(LIN).pk}
