"""The moment of submission: number, owner and dates at once, or a sentence why not."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import LazySettings

from qitong.casework import deferral, drafts, intake
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.ledger.models import Entry
from tests.casework.said import again, handed_in, kinds, refused


def test_it_has_number_owner_window_and_dates_at_once(stage: Stage) -> None:
    case = again(handed_in(stage))
    assert re.fullmatch(r"QT26-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", case.number or "")
    assert case.owner == stage.cast.user("wang.fang")
    assert case.window == stage.department("zs")
    assert case.received_on == dt.date(2026, 3, 3)
    assert case.contact_due_on == dt.date(2026, 3, 4)
    assert case.plan_due_on == dt.date(2026, 3, 10)
    assert case.promise_due_on == dt.date(2026, 3, 6)


def test_submitting_twice_gives_one_number(stage: Stage) -> None:
    case = handed_in(stage)
    repeated = stage.submit(case, GREEN_CLERK)
    assert repeated.number == case.number
    assert kinds(case).count("case.submit") == 1
    assert case.tasks.count() == 2


def test_the_receipt_in_the_ledger_says_what_was_stored(stage: Stage) -> None:
    case = handed_in(stage, leave=frozenset({"premises"}))
    entry = Entry.objects.get(stream=case.stream, kind="case.submit")
    assert entry.body["materials"] == {
        "app_form": "provided",
        "articles": "provided",
        "id_docs": "provided",
        "premises": "missing",
    }


def test_a_file_that_was_not_really_stored_is_named(stage: Stage, settings: LazySettings) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK)
    document = case.materials.get(key="articles").document
    assert document is not None
    next(Path(settings.FILES_DIR).rglob(document.sha256)).unlink()
    with refused("file_not_stored") as caught:
        stage.submit(case, GREEN_CLERK)
    assert document.name in str(caught.value)
    assert caught.value.field == "material.articles"
    assert again(case).number is None


@pytest.mark.parametrize(
    ("hour", "received"), [(8, dt.date(2026, 3, 3)), (17, dt.date(2026, 3, 3)), (20, dt.date(2026, 3, 4))]
)
def test_what_comes_after_closing_counts_as_received_the_next_working_day(
    stage: Stage, hour: int, received: dt.date
) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK)
    stage.days(0, hour=hour)
    assert stage.submit(case, GREEN_CLERK).received_on == received


def test_what_comes_on_a_friday_evening_counts_as_received_on_monday(stage: Stage) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK)
    stage.days(3, hour=21)
    assert stage.submit(case, GREEN_CLERK).received_on == dt.date(2026, 3, 9)


def test_outside_its_application_window_an_item_is_refused_and_the_draft_kept(stage: Stage) -> None:
    case = stage.apply(GREEN, "tech_sme_evaluation", GREEN_CLERK)
    with refused("outside_application_window") as caught:
        stage.submit(case, GREEN_CLERK)
    assert "草稿已保存" in str(caught.value)
    assert again(case).state == "draft"


@pytest.mark.parametrize("field", ["title", "description", "contact_name", "contact_phone"])
def test_an_empty_field_is_named(stage: Stage, field: str) -> None:
    case = stage.request(GREEN, GREEN_CLERK, "道路积水", "雨后积水二十厘米")
    drafts.save_field(case_id=case.pk, field=field, value="  ", by=stage.who(GREEN_CLERK), at=stage.tick())
    with refused("missing") as caught:
        stage.submit(case, GREEN_CLERK)
    assert caught.value.field == field


def test_an_officer_cannot_submit_for_a_company(stage: Stage) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK)
    with refused("not_allowed"):
        intake.submit(case_id=case.pk, by=stage.who("wang.fang"), at=stage.tick())


def test_a_signature_whose_day_has_come_must_be_given_anew(stage: Stage) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK, leave=frozenset({"premises"}))
    stage.commit(case, GREEN_CLERK, ["premises"], within=2)
    stage.days(5)
    assert stage.sweep() == []
    with refused("commitment_stale"):
        stage.submit(case, GREEN_CLERK)
    stage.commit(case, GREEN_CLERK, ["premises"], within=2)
    assert stage.submit(case, GREEN_CLERK).state == "submitted"
    assert [c.state for c in case.commitments.order_by("pk")] == ["void", "open"]


def test_a_case_that_does_not_exist_is_refused(stage: Stage) -> None:
    assert not Case.objects.exists()
    with refused("not_found"):
        intake.submit(case_id=1, by=stage.who(GREEN_CLERK), at=stage.tick())


def test_a_request_may_not_be_deferred(stage: Stage) -> None:
    case = stage.request(GREEN, GREEN_CLERK, "道路积水", "雨后积水二十厘米")
    with refused("not_deferrable"):
        deferral.commit(
            case_id=case.pk,
            keys=["anything"],
            due_on=stage.working_day(1),
            signer_name="林小雨",
            by=stage.who(GREEN_CLERK),
            at=stage.tick(),
        )
