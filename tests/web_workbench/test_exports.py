"""Lists taken out as tables: what one sees, by whom, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.http import FileResponse
from django.test import Client

from qitong.accounts.actors import Actor
from qitong.casework.logic.filters import Filter
from qitong.casework.models import Case
from qitong.datashare import storage
from qitong.demo.stage import Stage
from qitong.insight import exports
from qitong.insight.export_rows import Export, ExportState
from qitong.ledger.models import Entry
from qitong.notifications.models import Message
from tests.automation.queue import deferred, react_to_all
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk

JOB = Actor.system("export")


def _sheet(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def _bytes(answer: object) -> bytes:
    assert isinstance(answer, FileResponse)
    content = answer.getvalue()
    for close in vars(answer)["_resource_closers"]:  # answer.close() would end the test's connection too
        close()
    return content


def _large(stage: Stage, monkeypatch: pytest.MonkeyPatch, login: str = "wang.fang") -> Export:
    """One that is made by a job, since more than nothing is large here."""
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    Desk(stage, login).client.post("/desk/exports/new", {"scope": "all"})
    return Export.objects.latest("pk")


def test_a_small_list_is_taken_out_at_once_and_noted(stage: Stage, owner: Desk, accepted: Case) -> None:
    stage.submit(stage.request(GREEN, CLERK, "=HYPERLINK(1)", "下雨就积水，叉车出不去。"), CLERK)
    assert "导出2件办件" in owner.get("/desk/exports/new", scope="mine").content.decode()
    answer = owner.client.post("/desk/exports/new", {"scope": "mine"})
    assert answer["Content-Type"] == exports.XLSX
    sheet = _sheet(_bytes(answer))
    assert str(accepted.number) in sheet
    assert "审查中" in sheet
    assert "<f>" not in sheet
    assert "=HYPERLINK(1)" in sheet
    entry = Entry.objects.get(kind="export.taken")
    assert (entry.by, entry.body["rows"]) == (stage.who("wang.fang").ref, 2)


def test_only_the_ticked_are_taken_out(stage: Stage, owner: Desk, submitted: Case) -> None:
    other = stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)
    sheet = _sheet(_bytes(owner.client.post("/desk/exports/new", {"it": [other.pk]})))
    assert str(other.number) in sheet
    assert str(submitted.number) not in sheet


def test_what_one_may_not_see_is_not_taken_out_either(stage: Stage, submitted: Case) -> None:
    stranger = Desk(stage, "hg.reviewer")
    for given in ({"scope": "all", "state": "any"}, {"it": [submitted.pk]}):
        assert str(submitted.number) not in _sheet(_bytes(stranger.client.post("/desk/exports/new", given)))


def test_batch_after_batch_keeps_the_order_of_the_list(
    stage: Stage, submitted: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qitong.insight.sheets.BATCH", 2)
    for n in range(4):
        stage.days(n % 2)
        stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)
    by, at = stage.who("wang.fang"), stage.tick()
    for query in ("scope=all", "scope=all&sort=received"):
        sheet = _sheet(exports.take(Filter.parse(query), by=by, at=at).read())
        cases = Case.objects.order_by(
            *(["plan_due_on", "pk"] if "sort" not in query else ["-submitted_at", "-pk"])
        )
        places = [sheet.index(str(case.number)) for case in cases]
        assert places == sorted(places)
        assert len(places) == 5


def test_a_large_list_is_made_by_a_job_and_its_officer_is_told(
    stage: Stage, accepted: Case, owner: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = _large(stage, monkeypatch)
    assert "正在制作" in owner.get("/desk/exports").content.decode()
    [job] = deferred("insight.make_export")
    assert job.args == {"export_id": export.pk}
    for _ in range(2):  # a worker that was killed after the fact, and the job run again
        exports.make(export.pk, by=JOB, at=stage.tick())
    assert Entry.objects.filter(kind="export.made").count() == 1
    react_to_all(stage.at)
    told = Message.objects.get(kind="export.made")
    assert told.recipient == stage.cast.user("wang.fang")
    assert "全部在办办件，最急的在前”的表格已做好，共1行" in str(told.sentence)
    page = owner.get("/desk/exports").content.decode()
    assert "已做好" in page
    answer = owner.get(f"/desk/exports/{export.public_id}")
    assert str(accepted.number) in _sheet(_bytes(answer))
    assert Entry.objects.filter(kind="export.taken").count() == 1


def test_the_same_list_asked_for_twice_is_made_once(
    stage: Stage, accepted: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _large(stage, monkeypatch) == _large(stage, monkeypatch)
    assert Export.objects.count() == 1


def test_nobody_else_fetches_it(stage: Stage, accepted: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    export = _large(stage, monkeypatch)
    exports.make(export.pk, by=JOB, at=stage.tick())
    other = Desk(stage, "zhou.jun")
    assert other.get(f"/desk/exports/{export.public_id}").status_code == 404
    assert "已做好" not in other.get("/desk/exports").content.decode()
    assert Client().get(f"/desk/exports/{export.public_id}").status_code == 302
    assert not Entry.objects.filter(kind="export.taken").exists()


def test_what_failed_says_so_and_can_be_tried_again(
    stage: Stage, accepted: Case, owner: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = _large(stage, monkeypatch)
    user = stage.cast.user("wang.fang")
    roles = list(user.role_assignments.all())
    user.role_assignments.update(until_on=stage.day())
    exports.make(export.pk, by=JOB, at=stage.tick())
    for role in roles:
        role.save()
    page = owner.get("/desk/exports").content.decode()
    assert "您已没有工作人员的权限" in page
    owner.client.post(f"/desk/exports/{export.public_id}/retry")
    exports.make(export.pk, by=JOB, at=stage.tick())
    export.refresh_from_db()
    assert export.state == "ready"


def test_after_a_week_the_file_is_gone_and_the_row_says_so(
    stage: Stage, accepted: Case, owner: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = _large(stage, monkeypatch)
    exports.make(export.pk, by=JOB, at=stage.tick())
    export.refresh_from_db()
    assert storage.store().exists(export.sha256, export.size)
    assert exports.clean(by=JOB, at=stage.at + dt.timedelta(days=6)) == 0
    assert exports.clean(by=JOB, at=stage.at + dt.timedelta(days=7)) == 1
    assert exports.clean(by=JOB, at=stage.at + dt.timedelta(days=8)) == 0
    assert not storage.store().exists(export.sha256, export.size)
    assert "已过期删除" in owner.get("/desk/exports").content.decode()
    assert owner.get(f"/desk/exports/{export.public_id}").status_code == 302


def test_a_file_that_a_dying_process_left_behind_is_removed_by_the_next(
    stage: Stage, accepted: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = _large(stage, monkeypatch)
    exports.make(export.pk, by=JOB, at=stage.tick())
    export.refresh_from_db()
    Export.objects.filter(pk=export.pk).update(state=ExportState.DELETED)
    assert exports.clean(by=JOB, at=stage.at + dt.timedelta(days=8)) == 0
    assert not storage.store().exists(export.sha256, export.size)
    assert Export.objects.get(pk=export.pk).sha256 == ""


def test_a_large_list_with_long_words_is_asked_for_whole_and_once_in_a_language(
    stage: Stage, submitted: Case
) -> None:
    cut, by = Filter(text="园区道路积水影响叉车出入" * 8), stage.who("wang.fang")
    first = exports.ask(cut, language="zh-hans", by=by, at=stage.tick())
    assert exports.ask(cut, language="zh-hans", by=by, at=stage.tick()) == first
    assert Filter.parse(first.query) == cut
    assert exports.ask(cut, language="en", by=by, at=stage.tick()) != first
