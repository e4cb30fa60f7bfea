"""The page: for the system administrator alone, in pages, with few queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.accounts.actors import Actor, Role
from qitong.datashare.models import Document, Scan
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.notifications.models import Channel, Delivery, Message, State
from qitong.privacy import retention
from qitong.privacy.logic.periods import Kept
from qitong.server.operations.lines import LISTS
from tests.automation.queue import deferred, react_to_all
from tests.server.operations.conftest import a_job

MOST = 12


def dead(stage: Stage) -> Delivery:
    """A message whose mail was refused for good."""
    a_job(stage, status="todo")
    react_to_all(stage.at)
    message = Message.objects.earliest("pk")
    return Delivery.objects.create(
        message=message, channel=Channel.MAIL, state=State.DEAD, attempts=6, error="550 <a@corp.cn> unknown"
    )


def infected(stage: Stage) -> Document:
    a_job(stage, status="todo")
    document = Document.objects.filter(origin="uploaded").earliest("pk")
    Document.objects.filter(pk=document.pk).update(
        scan=Scan.INFECTED, scanned_at=stage.at, finding="Eicar-Test"
    )
    return document


@pytest.mark.parametrize("login", ["wang.fang", "sun.lei", "13800000001"])
def test_nobody_else_comes_in_or_does_anything(stage: Stage, login: str) -> None:
    job = a_job(stage)
    client = Client()
    client.force_login(stage.cast.user(login))
    assert client.get("/desk/operations").status_code in (403, 409)
    client.post(f"/desk/operations/jobs/{job}/retry")
    client.post(f"/desk/operations/jobs/{job}/discard", {"reason": "x"})
    assert not Entry.objects.filter(stream="operations").exists()
    assert "/desk/operations" not in client.get("/account").content.decode()


def test_the_way_to_it_is_in_the_head_of_the_administrators_pages(stage: Stage, admin: Client) -> None:
    assert stage.cast.actor("admin", stage.at).has(Role.SYSTEM_ADMINISTRATOR)
    assert 'href="/desk/operations"' in admin.get("/desk/operations").content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_every_list_asks_little(stage: Stage, admin: Client, name: str) -> None:
    for made in (a_job, dead, infected):
        made(stage)
    with CaptureQueriesContext(connection) as asked:
        assert admin.get(f"/desk/operations?list={name}").status_code == 200
    assert len(asked) <= MOST, [query["sql"][:90] for query in asked]


def test_long_lists_come_in_pages(stage: Stage, admin: Client) -> None:
    a_job(stage)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, status, args, queue_name)"
            " SELECT 'automation.react', 'failed', '{}', 'default' FROM generate_series(1, 30)"
        )
    page = admin.get("/desk/operations").content.decode()
    assert page.count("/retry") == 25
    assert "cursor=" in page


def test_a_dead_message_is_tried_again_under_its_old_key(stage: Stage, admin: Client) -> None:
    delivery = dead(stage)
    page = admin.get("/desk/operations?list=messages").content.decode()
    assert "[mail]" in page
    assert "a@corp.cn" not in page
    admin.post(f"/desk/operations/messages/{delivery.pk}/retry")
    again = Delivery.objects.get(pk=delivery.pk)
    assert (again.state, again.attempts, again.key) == (State.PENDING, 0, delivery.key)
    assert Entry.objects.filter(kind="message.retried", body__delivery=delivery.pk).exists()


def test_a_dead_message_is_given_up_for_a_reason(stage: Stage, admin: Client) -> None:
    delivery = dead(stage)
    admin.post(f"/desk/operations/messages/{delivery.pk}/discard", {"reason": ""})
    assert Delivery.objects.get(pk=delivery.pk).state == State.DEAD
    admin.post(f"/desk/operations/messages/{delivery.pk}/discard", {"reason": "已电话告知"})
    assert Delivery.objects.get(pk=delivery.pk).state == State.OBSOLETE
    assert Entry.objects.filter(kind="message.discarded").exists()


def test_a_file_found_infected_is_scanned_again_and_closed_until_then(stage: Stage, admin: Client) -> None:
    document = infected(stage)
    assert "Eicar-Test" in admin.get("/desk/operations?list=infected").content.decode()
    admin.post(f"/desk/operations/infected/{document.pk}/retry")
    document.refresh_from_db()
    assert (document.scan, document.finding) == (Scan.PENDING, "")
    [job] = [j for j in deferred("datashare.scan_document") if j.args["document_id"] == document.pk]
    assert job.status == "todo"
    [entry] = Entry.objects.filter(kind="document.scan_again")
    assert (entry.body["before"], entry.body["finding"]) == ("infected", "Eicar-Test")


def test_a_file_that_is_open_is_not_scanned_by_guessing_its_number(stage: Stage, admin: Client) -> None:
    a_job(stage)
    document = Document.objects.earliest("pk")
    answer = admin.post(f"/desk/operations/infected/{document.pk}/retry", follow=True)
    assert "不在隔离之中" in answer.content.decode()


@pytest.mark.parametrize("path", ["nothing/1/retry", "jobs/1/explode", "late/1/retry"])
def test_other_lists_and_deeds_there_are_none(admin: Client, path: str) -> None:
    assert admin.post(f"/desk/operations/{path}").status_code == 404


def test_it_says_how_long_personal_data_is_kept_and_what_went_last(stage: Stage, admin: Client) -> None:
    before = admin.get("/desk/operations").content.decode()
    assert "还没有到期的" in before
    old = stage.apply("91310151MA1JK0001T", "energy_review", "13800000001")
    retention.sweep(by=Actor.system("nightly"), at=old.created_at + dt.timedelta(days=366))
    page = admin.get("/desk/operations").content.decode()
    assert "上次有清除" in page
    for kind in Kept:
        assert f"<code>{kind.value}</code>" in page
    assert "3653天" in page
