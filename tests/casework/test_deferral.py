"""Deferred acceptance: what may follow later, against what, and what happens when it does not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qitong.accounts import enterprises
from qitong.accounts.models import EnterpriseMark, MarkKind
from qitong.casework import deferral
from qitong.casework.models import Case, Commitment
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from tests.casework.said import again, doing, refused

LATER = frozenset({"injury_ins", "funds_commit"})


@pytest.fixture
def draft(stage: Stage) -> Case:
    return stage.apply(GREEN, "construction_permit", GREEN_CLERK, leave=LATER)


@pytest.fixture
def promised(stage: Stage, draft: Case) -> Case:
    """Accepted on Tuesday; the insurance is to come by Friday."""
    stage.fill(draft, GREEN_CLERK, leave=frozenset({"injury_ins"}))
    stage.commit(draft, GREEN_CLERK, ["injury_ins"], within=3)
    return stage.accept(stage.submit(draft, GREEN_CLERK))


def sign(
    stage: Stage, case: Case, *keys: str, due: dt.date | None = None, name: str = "林小雨"
) -> Commitment:
    return deferral.commit(
        case_id=case.pk,
        keys=keys,
        due_on=due or stage.working_day(3),
        signer_name=name,
        **doing(stage, GREEN_CLERK),
    )


def test_red_line_core_unknown_and_provided_materials_never_follow_later(stage: Stage, draft: Case) -> None:
    for key, why in (
        ("safety_plan", "红线材料"),
        ("contractor", "核心材料"),
        ("passport", "没有材料"),
    ):
        with refused("not_deferrable") as caught:
            sign(stage, draft, "injury_ins", key)
        assert why in str(caught.value)
    stage.attach(draft, GREEN_CLERK, "injury_ins", "工伤保险凭证")
    with refused("not_deferrable") as caught:
        sign(stage, draft, "injury_ins")
    assert "已经提供" in str(caught.value)
    with refused("not_deferrable"):
        sign(stage, draft)


def test_core_and_red_line_are_there_first(stage: Stage) -> None:
    bare = frozenset({"safety_plan", *LATER})
    case = stage.apply(GREEN, "construction_permit", GREEN_CLERK, leave=bare)
    with refused("not_deferrable") as caught:
        sign(stage, case, "injury_ins")
    assert "还缺" in str(caught.value)


def test_the_day_lies_after_today_and_within_the_items_own_promise(stage: Stage, draft: Case) -> None:
    assert deferral.limit_on(draft, at=stage.at) == stage.working_day(7)
    for due in (stage.day(), stage.working_day(8)):
        with refused("not_deferrable"):
            sign(stage, draft, "injury_ins", due=due)
    assert sign(stage, draft, "injury_ins", due=stage.working_day(7)).limit_on == stage.working_day(7)


def test_a_company_with_a_mark_does_not_defer_until_it_is_repaired(stage: Stage, draft: Case) -> None:
    mark = enterprises.mark(
        enterprise=draft.enterprise,
        kind=MarkKind.DISHONESTY,
        subject="行政处罚",
        **doing(stage, "scjg.reviewer"),
    )
    with refused("not_deferrable") as caught:
        sign(stage, draft, "injury_ins")
    assert "修复" in str(caught.value)
    enterprises.repair(mark=mark, **doing(stage, "scjg.head"))
    assert sign(stage, draft, "injury_ins").state == "open"


def test_what_is_signed_is_kept_word_for_word(stage: Stage, draft: Case) -> None:
    with refused("missing"):
        sign(stage, draft, "injury_ins", name=" ")
    signed = sign(stage, draft, "injury_ins", "funds_commit")
    for part in ("崇明绿源新材料有限公司", "2026年3月6日", "逾期后果", "承诺人：林小雨"):
        assert part in signed.text
    assert signed.document.size > 0
    assert len(signed.text_hash) == 64
    assert set(signed.materials.values_list("state", flat=True)) == {"deferred"}


def test_signing_again_replaces_what_was_signed_before(stage: Stage, draft: Case) -> None:
    sign(stage, draft, "injury_ins", "funds_commit")
    sign(stage, draft, "injury_ins")
    assert list(draft.commitments.order_by("pk").values_list("state", flat=True)) == ["void", "open"]
    assert draft.materials.get(key="funds_commit").state == "missing"


def test_the_promised_material_ends_the_commitment_once_all_is_in(stage: Stage, draft: Case) -> None:
    sign(stage, draft, "injury_ins", "funds_commit")
    stage.accept(stage.submit(draft, GREEN_CLERK))
    stage.cure(draft, GREEN_CLERK, "injury_ins", "工伤保险凭证")
    assert draft.commitments.get().state == "open"
    with refused("not_owed"):
        stage.cure(draft, GREEN_CLERK, "injury_ins", "工伤保险凭证")
    stage.cure(draft, GREEN_CLERK, "funds_commit", "资金承诺书")
    assert draft.commitments.get().state == "fulfilled"


def test_the_signer_is_reminded_on_the_last_three_working_days(stage: Stage, promised: Case) -> None:
    said = []
    for _ in range(4):
        near = [f for f in stage.sweep() if f.verdict.kind == "commitment_near"]
        said += [stage.day() for _ in near]
        stage.days(1, hour=9)
    assert said == [dt.date(2026, 3, 4), dt.date(2026, 3, 5), dt.date(2026, 3, 6)]


def test_the_last_day_is_a_whole_day(stage: Stage, promised: Case) -> None:
    stage.days(3, hour=23).sweep()
    assert again(promised).state != "ended"
    stage.cure(promised, GREEN_CLERK, "injury_ins", "工伤保险凭证")
    stage.days(2, hour=9).sweep()
    assert again(promised).state != "ended"


def test_a_material_that_does_not_come_ends_the_case_and_is_noted(stage: Stage, promised: Case) -> None:
    stage.days(4, hour=9).sweep()
    case = again(promised)
    assert case.state == "ended"
    assert case.ended_reason == "未在2026年3月6日前补齐承诺的容缺材料"
    assert case.commitments.get().state == "missed"
    assert {t.state for t in case.tasks.all()} <= {"done", "dropped"}
    mark = EnterpriseMark.objects.get()
    assert (mark.enterprise_id, mark.subject) == (case.enterprise_id, case.number)
    stage.days(1, hour=9).sweep()
    assert EnterpriseMark.objects.count() == 1


def test_a_case_may_end_before_it_was_accepted(stage: Stage, draft: Case) -> None:
    sign(stage, draft, *LATER, due=stage.working_day(1))
    stage.submit(draft, GREEN_CLERK)
    stage.days(2, hour=9).sweep()
    assert again(draft).state == "ended"


def test_an_officer_who_finds_a_material_wrong_says_what_is_wrong(stage: Stage, promised: Case) -> None:
    facts: dict[str, Any] = {"case_id": promised.pk, "key": "drawings"}
    with refused("missing"):
        deferral.verify(**facts, correct=False, remark="", **doing(stage, "wang.fang"))
    wrong = deferral.verify(**facts, correct=False, remark="缺总平面图", **doing(stage, "wang.fang"))
    assert (wrong.state, wrong.remark) == ("rejected", "缺总平面图")
    stage.cure(promised, GREEN_CLERK, "drawings", "施工图（全本）")
    right = deferral.verify(**facts, correct=True, remark="", **doing(stage, "wang.fang"))
    assert right.verified_at is not None


def test_what_is_not_there_is_not_verified(stage: Stage, promised: Case) -> None:
    with refused("not_provided"):
        deferral.verify(
            case_id=promised.pk, key="injury_ins", correct=True, remark="", **doing(stage, "wang.fang")
        )
