from __future__ import annotations

from qitong.accounts.models import Absence
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import Desk, refused


def _given(stage: Stage, who: str, substitute: str, **more: str) -> dict[str, str]:
    return {
        "user": str(stage.cast.user(who).pk),
        "substitute": str(stage.cast.user(substitute).pk),
        "starts_on": "2026-03-04",
        "ends_on": "2026-03-06",
        **more,
    }


def test_an_officer_notes_their_own_absence_and_takes_it_back(stage: Stage) -> None:
    desk = Desk(stage, "wang.fang")
    answer = desk.client.post("/desk/absences", _given(stage, "wang.fang", "li.qiang"))
    assert answer.status_code == 302
    page = desk.get("/desk/absences").content.decode()
    assert "将请假" in page
    absence = Absence.objects.get()
    assert desk.client.post(f"/desk/absences/{absence.pk}/cancel").status_code == 302
    absence.refresh_from_db()
    assert absence.cancelled_at is not None


def test_a_refusal_stands_at_its_field_and_keeps_the_dates(stage: Stage) -> None:
    desk = Desk(stage, "wang.fang")
    answer = desk.client.post("/desk/absences", _given(stage, "wang.fang", "wang.fang"))
    refused(answer, "代班人不能是本人")  # type: ignore[arg-type]  # the test client's wider type
    assert 'value="2026-03-06"' in answer.content.decode()


def test_one_cannot_note_the_absence_of_another_department(stage: Stage) -> None:
    desk = Desk(stage, "wang.fang")
    answer = desk.client.post("/desk/absences", _given(stage, "fgw.reviewer", "li.qiang"))
    assert answer.status_code == 422
    assert not Absence.objects.exists()


def test_a_head_notes_absences_in_the_department(stage: Stage) -> None:
    desk = Desk(stage, "sun.lei")
    assert desk.client.post("/desk/absences", _given(stage, "wang.fang", "li.qiang")).status_code == 302
    assert Absence.objects.get().user == stage.cast.user("wang.fang")


def test_the_absence_of_another_is_not_cancelled(stage: Stage) -> None:
    stage.cast.absent("wang.fang", "li.qiang", stage.day(), stage.day(), at=stage.tick())
    desk = Desk(stage, "fgw.reviewer")
    page = desk.get("/desk/absences").content.decode()
    assert "今天不在" in page
    assert "/cancel" not in page
    answer = desk.client.post(f"/desk/absences/{Absence.objects.get().pk}/cancel", follow=True)
    assert "可以登记请假" in answer.content.decode()
    assert Absence.objects.get().cancelled_at is None
