"""Erasure on request: what nothing keeps is gone everywhere, what a law keeps stays, the ledger verifies."""

from __future__ import annotations

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from psycopg import sql
from pytest_django import DjangoCaptureOnCommitCallbacks

from qitong.accounts.models import Enterprise, User
from qitong.casework import conversation, drafts
from qitong.casework.models import Case
from qitong.datashare import documents
from qitong.datashare.models import Document
from qitong.demo.stage import Stage
from qitong.insight.facts import refresh
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify
from qitong.notifications.models import Message
from qitong.privacy import erasure
from qitong.privacy.models import Erasure
from tests.automation.queue import react_to_all

GREEN, CLERK, TITLE = "91310151MA1JK0001T", "13800000001", "林小雨要修路"
WHY = "本人书面请求删除"


def erase(stage: Stage, subject: User | Enterprise, why: str = WHY) -> Erasure:
    return erasure.erase(subject=subject, reason=why, by=stage.who("security"), at=stage.tick())


def refusal(stage: Stage, subject: User | Enterprise, login: str = "security") -> str:
    with pytest.raises(Refused) as refused:
        erasure.erase(subject=subject, reason=WHY, by=stage.who(login), at=stage.tick())
    return refused.value.code


@pytest.fixture
def company(stage: Stage) -> Enterprise:
    return stage.cast.company(GREEN)


def closed(stage: Stage) -> Case:
    """An application that was answered, with notes and files."""
    case = stage.submit(stage.apply(GREEN, "business_licence", CLERK), CLERK)
    stage.accept(case)
    text = "林小雨：请打13800000001"
    conversation.write(case_id=case.pk, text=text, by=stage.who(CLERK), at=stage.tick())
    stage.review_all(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    stage.confirm(case, CLERK)
    case.refresh_from_db()
    return case


def everything() -> str:
    """All that stands in the database, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            found += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(found)


def lines_with(*secrets: str) -> list[str]:
    return [line[:160] for line in everything().splitlines() if any(secret in line for secret in secrets)]


def test_a_person_is_gone_from_every_table_and_the_ledger_is_whole(stage: Stage) -> None:
    user = stage.cast.user(CLERK)
    request = stage.request(GREEN, CLERK, TITLE, "请打13800000001找林小雨")
    drafts.discard(case_id=request.pk, by=stage.who(CLERK), at=stage.tick())
    react_to_all(stage.at)
    company = stage.cast.company(GREEN)
    assert lines_with("林小雨", CLERK)
    done = erase(stage, company)
    assert done.held_until is None
    assert lines_with("林小雨", CLERK) == []
    assert verify().whole
    user.refresh_from_db()
    assert (user.name, user.is_active, user.login) == ("已注销", False, f"erased-{user.pk}@erased.invalid")
    (entry,) = Entry.objects.filter(kind="personal_data.erased", stream=user.ref)
    assert entry.by == stage.cast.user("security").ref


def test_an_open_case_refuses_it_with_a_sentence(stage: Stage, company: Enterprise) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", CLERK), CLERK)
    assert refusal(stage, company) == "open"
    assert refusal(stage, stage.cast.user(CLERK)) == "open"
    reason = str(erasure.why_not(company, on=stage.day()))
    assert reason == f"办件{case.number}还没有办结，办结后才能删除。"


def test_only_the_security_administrator_does_it_and_only_with_a_reason(
    stage: Stage, company: Enterprise
) -> None:
    for login in ("admin", "wu.hong", "wang.fang", CLERK):
        assert refusal(stage, company, login) == "forbidden"
    with pytest.raises(Refused) as refused:
        erase(stage, company, "删")
    assert refused.value.code == "reason"
    assert refusal(stage, stage.cast.user("wang.fang")) == "open"
    assert refusal(stage, stage.cast.user("security")) == "oneself"


def test_what_was_answered_is_kept_with_its_files_and_said_until_when(
    stage: Stage, company: Enterprise, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    case = closed(stage)
    refresh([case.pk])
    drafted = stage.apply(GREEN, "tax_registration", CLERK)
    held = set(case.materials.exclude(document=None).values_list("document_id", flat=True))
    loose = set(Document.objects.filter(enterprise=company).values_list("pk", flat=True)) - held
    with django_capture_on_commit_callbacks(execute=True):
        done = erase(stage, company)
    assert done.held_until is not None
    assert done.held_until.year == 2036
    case.refresh_from_db()
    assert case.form["contact_name"] == "林小雨"
    assert Document.objects.filter(pk__in=held, erased_at=None).count() == len(held)
    assert all(documents.is_stored(paper) for paper in Document.objects.filter(pk__in=held))
    drafted.refresh_from_db()
    assert "contact_name" not in drafted.form
    for paper in Document.objects.filter(pk__in=loose, erased_at__isnull=False):
        assert not documents.is_stored(paper)
        assert paper.name == "—"
    assert not Message.objects.filter(recipient=stage.cast.user(CLERK)).exists()
    assert verify().whole


def test_somebody_asks_once_for_themselves_and_nobody_for_others(stage: Stage, company: Enterprise) -> None:
    user, by = stage.cast.user(CLERK), stage.who(CLERK)
    first = erasure.ask(subject=user, by=by, at=stage.tick())
    assert erasure.ask(subject=user, by=by, at=stage.tick()) == first
    assert erasure.ask(subject=company, by=by, at=stage.tick()).subject == f"enterprise:{company.pk}"
    with pytest.raises(Refused):
        erasure.ask(subject=stage.cast.user("wang.fang"), by=by, at=stage.tick())
    assert erase(stage, user).pk == first.pk
    assert list(Erasure.objects.filter(done_at=None).values_list("subject", flat=True)) == [
        f"enterprise:{company.pk}"
    ]


def test_what_a_backup_brought_back_is_erased_again(stage: Stage, company: Enterprise) -> None:
    erase(stage, company)
    by = stage.who("security")
    company.refresh_from_db()
    assert not erasure.again(company, reason=WHY, by=by, at=stage.tick())
    Enterprise.objects.filter(pk=company.pk).update(phone=CLERK)  # as an old backup would have it
    company.refresh_from_db()
    assert erasure.again(company, reason=WHY, by=by, at=stage.tick())
    assert lines_with(CLERK) == []
    assert verify().whole
    with pytest.raises(ObjectDoesNotExist):
        User.objects.get(login=CLERK)
