from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk


def _path(stage: Stage, who: str = "wang.fang") -> str:
    return f"/desk/handover/{stage.cast.user(who).pk}"


def test_it_is_previewed_before_it_is_done(stage: Stage, accepted: Case) -> None:
    head, to = Desk(stage, "sun.lei"), stage.cast.user("li.qiang")
    page = head.get(_path(stage)).content.decode()
    assert "首问负责 1 件" in page
    assert str(accepted.number) in page
    given = {"to": [to.pk], "reason": "调离"}
    answer = head.client.post(_path(stage), given | {"step": "preview"})
    assert answer.status_code == 200
    assert "将这样移交" in answer.content.decode()
    accepted.refresh_from_db()
    assert accepted.owner != to
    assert head.client.post(_path(stage), given | {"step": "do"}).status_code == 302
    accepted.refresh_from_db()
    assert accepted.owner == to
    assert "没有要移交的" in head.get(_path(stage)).content.decode()


def test_what_cannot_be_is_said_beside_the_choice(stage: Stage, accepted: Case) -> None:
    desk = Desk(stage, "wang.fang")
    answer = desk.client.post(_path(stage), {"reason": "调离", "step": "preview"})
    assert answer.status_code == 422
    assert "请选择至少一位接手的同事" in answer.content.decode()
    assert "调离</textarea>" in answer.content.decode()


@pytest.mark.parametrize("login", ["li.qiang", "fgw.head"])
def test_the_desk_of_others_is_not_there(stage: Stage, login: str) -> None:
    assert Desk(stage, login).get(_path(stage)).status_code == 404


def test_a_head_chooses_whose_and_an_officer_comes_to_their_own(stage: Stage) -> None:
    assert "王芳" in Desk(stage, "sun.lei").get("/desk/handover").content.decode()
    assert Desk(stage, "wang.fang").get("/desk/handover")["Location"] == _path(stage)


def test_the_page_asks_the_same_for_more(stage: Stage, accepted: Case) -> None:
    head, counts = Desk(stage, "sun.lei"), []
    for n in (1, 6):
        for _ in range(n):
            stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)
        with CaptureQueriesContext(connection) as asked:
            head.get(_path(stage))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
