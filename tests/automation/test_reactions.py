from __future__ import annotations

from django.db import transaction

from qitong.automation import reactions
from qitong.casework import drafts
from qitong.casework.logic.flow import CASE_FLOW, TASK_FLOW
from qitong.casework.logic.story import CASE_SENTENCES
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.notifications.models import Delivery, Message
from tests.automation.queue import deferred, react_to_all
from tests.notifications.reading import CLERK, COMPANY

BESIDE_CASES = {
    "desk.handed_over",
    "absence.recorded",
    "absence.cancelled",
    "export.made",
    "export.failed",
    "ledger.texts_erased",
    "enterprise.registered",
    "enterprise.contact_changed",
    "enterprise.licence_corrected",
    "user.renamed",
    "user.address_changed",
    "second_factor.reset",
    "visit.started",
    "member.added",
    "member.removed",
    "member.role_changed",
    "policy.fact_given",
    "policy.facts_shared",
    "consent.revoked",
    "policy.gained",
    "policy.window_opens",
    "policy.window_closes",
    "package.sent",
    "package.answered",
    "package.officer",
}


def submitted(stage: Stage) -> str:
    """The stream of a case just handed in; nothing else waits."""
    case = stage.apply(COMPANY, "customs_filing", CLERK)
    react_to_all(stage.at)
    return stage.submit(case, CLERK).stream


def test_every_kind_in_the_table_is_one_that_the_ledger_knows() -> None:
    moves = {f"case.{row.deed}" for row in CASE_FLOW} | {f"task.{row.deed}" for row in TASK_FLOW}
    known = moves | set(CASE_SENTENCES) | BESIDE_CASES
    assert set(reactions.ON_EVENT) <= known


def test_a_deed_defers_one_job_that_keeps_the_order_of_its_case(stage: Stage) -> None:
    stream = submitted(stage)
    [job] = deferred()
    entry = Entry.objects.get(kind="case.submit", stream=stream)
    assert (job.args, job.lock) == ({"entry_ids": [entry.pk]}, stream)


def test_an_entry_that_nothing_follows_from_defers_nothing(stage: Stage) -> None:
    case = stage.apply(COMPANY, "customs_filing", CLERK)
    react_to_all(stage.at)
    drafts.save_field(
        case_id=case.pk, field="contact_name", value="林小雨", by=stage.who(CLERK), at=stage.tick()
    )
    assert deferred() == []


def test_what_is_rolled_back_has_no_consequence(stage: Stage) -> None:
    case = stage.apply(COMPANY, "customs_filing", CLERK)
    react_to_all(stage.at)
    with transaction.atomic():
        stage.submit(case, CLERK)
        assert len(deferred()) == 1
        transaction.set_rollback(True)
    assert deferred() == []


def test_reacting_again_to_the_same_entries_changes_nothing(stage: Stage) -> None:
    submitted(stage)
    [job] = deferred()
    reactions.react(job.args["entry_ids"], at=stage.at)
    told = Message.objects.count()
    deliveries = Delivery.objects.count()
    assert told == 2
    reactions.react(job.args["entry_ids"], at=stage.at)
    assert Message.objects.count() == told
    assert Delivery.objects.count() == deliveries == told * 2
