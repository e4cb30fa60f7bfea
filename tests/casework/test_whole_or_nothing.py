"""A deed and its entry are one: if either fails, nothing happened; if it happened, it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from qitong.casework import decision, deferral, delivery, drafts, intake, routing, supplements, tasks
from qitong.casework.logic.terms import Outcome, RefusalReason, TaskOutcome
from qitong.casework.models import Case
from qitong.casework.queries import expected_streams
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.ledger import hooks
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify
from tests.casework.said import accepted, asked, delivered, doing, handed_in

Deed = Callable[[], object]


def _rows() -> dict[str, int]:
    """A fingerprint of every table of casework: how many rows, and what they hold."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("casework").get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT coalesce(sum(hashtext(t::text)::bigint), 0) FROM "{table}" t')  # noqa: S608
            found[table] = int(cursor.fetchone()[0])
    return found


def _drafting(stage: Stage) -> Iterator[tuple[str, Deed]]:
    who = doing(stage, GREEN_CLERK)
    company = stage.cast.company(GREEN).pk
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK, leave=frozenset({"premises"}))
    yield "start", lambda: drafts.start_request(enterprise_id=company, **who)
    yield "save", lambda: drafts.save_field(case_id=case.pk, field="title", value="改", **who)
    yield "attach", lambda: stage.attach(case, GREEN_CLERK, "articles", "章程二")
    yield "detach", lambda: drafts.detach(case_id=case.pk, key="articles", **who)
    yield "commit", lambda: stage.commit(case, GREEN_CLERK, ["premises"], within=2)
    yield "submit", lambda: intake.submit(case_id=case.pk, **who)
    yield "discard", lambda: drafts.discard(case_id=case.pk, **who)


def _intake(stage: Stage) -> Iterator[tuple[str, Deed]]:
    case = handed_in(stage, "export_tax_refund")
    owner, own = doing(stage, "wang.fang"), doing(stage, GREEN_CLERK)
    reason = RefusalReason.PETITION
    yield "notify", lambda: intake.notify_correction(case_id=case.pk, text="盖章", **owner)
    yield "contact", lambda: routing.contact(case_id=case.pk, note="电话", **owner)
    yield "accept", lambda: intake.accept(case_id=case.pk, **owner)
    yield (
        "refuse",
        lambda: intake.refuse_acceptance(case_id=case.pk, reason=reason, grounds="去信访办", **owner),
    )
    yield "withdraw", lambda: intake.withdraw(case_id=case.pk, reason="", **own)
    yield (
        "transfer",
        lambda: routing.transfer(case_id=case.pk, to=stage.cast.user("zhao.min"), reason="协助", **owner),
    )
    yield (
        "verify",
        lambda: deferral.verify(case_id=case.pk, key="fx_receipt", correct=True, remark="", **owner),
    )


def _review(stage: Stage) -> Iterator[tuple[str, Deed]]:
    case = accepted(stage, "energy_review")
    task = stage.task(case, "industry_check").pk
    who, leader = doing(stage, "jw.reviewer"), doing(stage, "zhou.jun")
    yield "remind", lambda: tasks.remind(task_id=task, note="", **leader)
    yield "waive", lambda: tasks.waive(task_id=task, grounds="不等", **leader)
    yield "return", lambda: tasks.return_task(task_id=task, reason="不归我", **who)
    yield "extend", lambda: decision.extend(case_id=case.pk, days=3, reason="复杂", **leader)
    tasks.claim(task_id=task, **who)
    yield "release", lambda: tasks.release(task_id=task, **who)
    yield "ask", lambda: supplements.ask(task_id=task, question="补", **who)
    yield "finish", lambda: tasks.finish(task_id=task, outcome=TaskOutcome.CONCUR, opinion="", **who)
    request = asked(stage)
    yield "dispatch", lambda: stage.dispatch(request, "zjw", "疏通", days=3)
    yield "complete", lambda: tasks.complete_request(case_id=request.pk, **doing(stage, "wang.fang"))


def _ending(stage: Stage) -> Iterator[tuple[str, Deed]]:
    case = accepted(stage)
    yield "decide", lambda: stage.decide(case, "scjg.head")
    yield "refuse", lambda: stage.decide(case, "scjg.head", Outcome.REFUSE, "不符")
    stage.decide(case, "scjg.head")
    yield "deliver", lambda: stage.deliver(case)
    done = delivered(stage)
    yield "confirm", lambda: stage.confirm(done, GREEN_CLERK)
    yield "reopen", lambda: delivery.reopen(case_id=done.pk, reason="有误", **doing(stage, GREEN_CLERK))


ACTS = (_drafting, _intake, _review, _ending)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__.strip("_"))
def test_a_ledger_that_fails_leaves_nothing(
    stage: Stage, act: Callable[[Stage], Iterator[tuple[str, Deed]]]
) -> None:
    class Broken(Exception):
        pass

    def fail(entries: Sequence[Entry]) -> None:
        raise Broken

    for name, deed in act(stage):
        before = (_rows(), Entry.objects.count())
        hooks.on_batch(fail)
        try:
            with pytest.raises(Broken), transaction.atomic():
                deed()
        finally:
            hooks.forget(fail)
        assert (_rows(), Entry.objects.count()) == before, name


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__.strip("_"))
def test_every_deed_is_at_least_one_entry_and_the_ledger_stays_whole(
    stage: Stage, act: Callable[[Stage], Iterator[tuple[str, Deed]]]
) -> None:
    for name, deed in act(stage):
        entries = Entry.objects.count()
        with transaction.atomic():
            deed()
            assert Entry.objects.count() > entries, name
            assert verify(expected=expected_streams()).whole, name
            transaction.set_rollback(True)


def test_a_case_that_vanished_is_missed(stage: Stage) -> None:
    handed_in(stage)
    missing = [*expected_streams(), "case:999999"]
    assert not verify(expected=missing).whole


def test_no_moment_is_fixed_when_the_program_starts() -> None:
    for model in apps.get_app_config("casework").get_models():
        for field in model._meta.concrete_fields:
            default: Any = field.default
            assert not isinstance(default, dt.date), field
            assert not getattr(field, "auto_now", False), field
            assert not getattr(field, "auto_now_add", False), field


def test_the_moment_is_the_callers(stage: Stage) -> None:
    moment = stage.at
    case = handed_in(stage)
    entries = Entry.objects.filter(stream=case.stream)
    assert entries
    assert all(moment <= entry.at <= stage.at for entry in entries)
    assert Case.objects.get(pk=case.pk).created_at <= stage.at
