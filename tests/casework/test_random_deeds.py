"""Whatever anybody tries in whatever order: a row of the table, or a refusal with a reason."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qitong.accounts.actors import Actor
from qitong.casework import decision, deferral, delivery, drafts, intake, routing, supplements, sweep, tasks
from qitong.casework.logic.flow import CaseState, Deed, TaskState, case_row, task_row
from qitong.casework.logic.terms import Outcome, RefusalReason, TaskOutcome
from qitong.casework.models import Case, Supplement, Task
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK, TIDE_CLERK
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import PauseReason
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify

LOGINS = (
    GREEN_CLERK,
    TIDE_CLERK,
    "wang.fang",
    "li.qiang",
    "zhou.jun",
    "wu.hong",
    "sw.reviewer",
    "sw.head",
    "hg.reviewer",
    "hg.head",
)
Try = Callable[[Case, Task | None, dict[str, Any]], object]


def _a_task(deed: Callable[..., object], **facts: Any) -> Try:
    return lambda case, task, who: deed(task_id=task.pk, **facts, **who) if task else None


def _a_case(deed: Callable[..., object], **facts: Any) -> Try:
    return lambda case, task, who: deed(case_id=case.pk, **facts, **who)


def _answer(case: Case, task: Task | None, who: dict[str, Any]) -> object:
    asked = Supplement.objects.filter(case=case).first()
    return supplements.answer(supplement_id=asked.pk, text="见附件", files=[], **who) if asked else None


def _attach(case: Case, task: Task | None, who: dict[str, Any]) -> object:
    file = io.BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    return drafts.attach(case_id=case.pk, key="fx_receipt", file=file, name="收汇凭证.pdf", **who)


TRIES: tuple[Try, ...] = (
    _a_case(intake.submit),
    _a_case(drafts.save_field, field="contact_name", value="林小雨"),
    _a_case(drafts.discard),
    _attach,
    _a_case(intake.notify_correction, text="请补充说明"),
    _a_case(intake.answer_correction),
    _a_case(intake.accept),
    _a_case(intake.refuse_acceptance, reason=RefusalReason.PETITION, grounds="请向信访办提出"),
    _a_case(intake.withdraw, reason=""),
    _a_case(routing.contact, note="已联系"),
    _a_case(decision.decide, outcome=Outcome.APPROVE, grounds="符合条件"),
    _a_case(decision.decide, outcome=Outcome.REFUSE, grounds="不符合条件"),
    _a_case(decision.send_back, keys=["hg_review"], reason="请再核"),
    _a_case(decision.extend, days=4, reason="情况复杂"),
    _a_case(delivery.deliver),
    _a_case(delivery.confirm),
    _a_case(delivery.reopen, reason="结果有误"),
    _a_case(deferral.verify, key="fx_receipt", correct=False, remark="看不清"),
    _a_case(tasks.complete_request),
    _a_task(tasks.claim),
    _a_task(tasks.release),
    _a_task(tasks.finish, outcome=TaskOutcome.CONCUR, opinion="同意"),
    _a_task(tasks.finish, outcome=TaskOutcome.OBJECT, opinion="不同意"),
    _a_task(tasks.return_task, reason="不归本部门"),
    _a_task(tasks.waive, grounds="不再等待"),
    _a_task(tasks.remind, note="请抓紧"),
    _a_task(supplements.ask, question="请补充报关单"),
    _a_task(supplements.pause, reason=PauseReason.EXPERT_REVIEW, note=""),
    _a_task(supplements.resume),
    _answer,
)
_USUAL = ((0, 0), (6, 2), (19, 8), (21, 8), (10, 7), (14, 2), (15, 0))


def _along_the_table(case: Case) -> None:
    """Each entry of the case was a row of its table, from where the last one ended."""
    state: str = CaseState.DRAFT
    where: dict[int, str] = {}
    for entry in Entry.objects.filter(stream=case.stream).order_by("number"):
        area, _, name = entry.kind.partition(".")
        if "from" not in entry.body or name not in Deed.__members__.values():
            continue
        deed = Deed(name)
        if area == "task":
            row, task = task_row(deed), entry.body["task"]
            assert entry.body["from"] == where.get(task, TaskState.WAITING)
            where[task] = entry.body["to"]
        else:
            row = case_row(deed)
            assert entry.body["from"] == state
            state = entry.body["to"]
        assert entry.body["from"] in row.sources
        assert entry.body["to"] == (row.target or entry.body["from"])
    assert state == Case.objects.get(pk=case.pk).state
    assert where == {t.pk: t.state for t in case.tasks.all() if t.pk in where or t.state != TaskState.WAITING}


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    usual=st.integers(0, len(_USUAL)),
    steps=st.lists(
        st.tuples(
            st.sampled_from(TRIES), st.sampled_from(LOGINS), st.integers(0, 3), st.sampled_from([0, 0, 1, 6])
        ),
        max_size=12,
    ),
)
def test_random_deeds_of_random_people_stay_on_the_table(
    stage: Stage, usual: int, steps: list[tuple[Try, str, int, int]]
) -> None:
    begun = stage.at
    try:
        with transaction.atomic():
            _play(stage, usual, steps)
            transaction.set_rollback(True)
    finally:
        stage.at = begun


def _play(stage: Stage, usual: int, steps: list[tuple[Try, str, int, int]]) -> None:
    case = stage.apply(GREEN, "export_tax_refund", GREEN_CLERK, leave=frozenset({"fx_receipt"}))
    stage.attach(case, GREEN_CLERK, "fx_receipt", "收汇凭证")
    beaten = [(TRIES[deed], LOGINS[who], 0, 0) for deed, who in _USUAL[:usual]]
    for deed, login, which, later in [*beaten, *steps]:
        if later:
            stage.days(later)
            sweep.run(by=Actor.system("sweep"), at=stage.tick())
        _try(stage, Case.objects.get(pk=case.pk), deed, login, which)
    _along_the_table(case)
    assert verify(stream=case.stream, expected=[case.stream]).whole


def _try(stage: Stage, case: Case, deed: Try, login: str, which: int) -> None:
    live = list(case.tasks.exclude(kind__in=["acceptance", "decision"]).order_by("-pk"))
    task = live[which % len(live)] if live else None
    at: dt.datetime = stage.tick()
    with suppress(Refused), transaction.atomic():
        deed(case, task, {"by": stage.who(login), "at": at})
