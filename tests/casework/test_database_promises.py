"""What no path can do, raw SQL included: the database itself refuses."""

from __future__ import annotations

from django.db import connection

from qitong.casework import routing
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from tests.casework.said import accepted, asked, delivered, forbidden, handed_in

MATERIAL = "UPDATE casework_casematerial SET {} WHERE case_id = %s AND key = %s"


def deferring(stage: Stage) -> Case:
    """A draft of a project that has all three classes of material, one of them promised."""
    case = stage.apply(GREEN, "construction_permit", GREEN_CLERK, leave=frozenset({"injury_ins"}))
    stage.commit(case, GREEN_CLERK, ["injury_ins"], within=3)
    return case


def test_a_core_or_red_line_material_is_never_deferred(stage: Stage) -> None:
    case = deferring(stage)
    commitment = case.commitments.get().pk
    for key in ("contractor", "safety_plan"):
        said = forbidden(MATERIAL.format("state = 'deferred', commitment_id = %s"), commitment, case.pk, key)
        assert "material_red_line_and_core_never_deferred" in said


def test_a_material_cannot_change_its_class(stage: Stage) -> None:
    case = deferring(stage)
    said = forbidden(MATERIAL.format("klass = 'deferrable'"), case.pk, "safety_plan")
    assert "material_class_is_the_catalogues" in said


def test_a_material_cannot_move_to_another_item(stage: Stage) -> None:
    case = deferring(stage)
    other = stage.apply(GREEN, "drainage_permit", GREEN_CLERK)
    sql = MATERIAL.format("item_version_id = %s")
    assert "belongs to the item" in forbidden(sql, other.item_version_id, case.pk, "contractor")


def test_nothing_is_deferred_without_a_signature(stage: Stage) -> None:
    case = deferring(stage)
    said = forbidden(MATERIAL.format("commitment_id = NULL"), case.pk, "injury_ins")
    assert "material_deferred_has_commitment" in said


def test_no_certificate_is_issued_while_a_material_is_owed(stage: Stage) -> None:
    case = delivered(stage)
    with connection.cursor() as cursor:
        cursor.execute(MATERIAL.format("state = 'missing', document_id = NULL"), [case.pk, "fx_receipt"])
    said = forbidden("UPDATE casework_certificate SET title_zh = '另发' WHERE case_id = %s", case.pk)
    assert "before every material is in" in said


def test_the_promise_to_a_company_never_starts_anew(stage: Stage) -> None:
    case = accepted(stage)
    for change in ("promise_from = promise_from + 1", "promise_days = 9", "promise_from = NULL"):
        said = forbidden(f"UPDATE casework_case SET {change} WHERE id = %s", case.pk)  # noqa: S608
        assert "never resets" in said


def test_an_extension_is_neither_taken_back_nor_beyond_the_law(stage: Stage) -> None:
    case = accepted(stage)
    sql = "UPDATE casework_case SET extension_days = %s WHERE id = %s"
    assert "case_extension_by_law" in forbidden(sql, 11, case.pk)
    with connection.cursor() as cursor:
        cursor.execute(sql, [5, case.pk])
    assert "never resets" in forbidden(sql, 3, case.pk)


def test_a_round_is_decided_once_and_a_decision_stands(stage: Stage) -> None:
    case = delivered(stage)
    copy = (
        "INSERT INTO casework_decision (round, outcome, grounds, decided_at, over_objection, case_id,"
        " decided_by_id) SELECT round, outcome, grounds, decided_at, over_objection, case_id, decided_by_id"
        " FROM casework_decision WHERE case_id = %s"
    )
    assert "decision_once_a_round" in forbidden(copy, case.pk)
    assert "never changed" in forbidden(
        "UPDATE casework_decision SET outcome = 'refuse', grounds = '改' WHERE case_id = %s", case.pk
    )
    assert "never changed" in forbidden("DELETE FROM casework_decision WHERE case_id = %s", case.pk)


def test_a_participant_is_neither_removed_nor_replaced(stage: Stage) -> None:
    case = asked(stage)
    helper = stage.cast.user("zhao.min")
    routing.transfer(case_id=case.pk, to=helper, reason="协调住房", by=stage.owner(case), at=stage.tick())
    assert "never" in forbidden("DELETE FROM casework_participant WHERE case_id = %s", case.pk)
    replace = "UPDATE casework_participant SET user_id = %s WHERE case_id = %s"
    assert "never" in forbidden(replace, stage.cast.user("li.qiang").pk, case.pk)


def test_a_submitted_case_always_has_owner_number_window_and_dates(stage: Stage) -> None:
    case = handed_in(stage)
    for column in ("owner_id", "number", "window_id", "received_on", "contact_due_on", "plan_due_on"):
        said = forbidden(f"UPDATE casework_case SET {column} = NULL WHERE id = %s", case.pk)  # noqa: S608
        assert "case_submitted_has_owner_number_dates" in said


def test_a_state_cannot_claim_what_did_not_happen(stage: Stage) -> None:
    case = handed_in(stage)
    for state in ("correction", "in_review", "approved", "delivered", "closed", "not_accepted", "ended"):
        said = forbidden("UPDATE casework_case SET state = %s WHERE id = %s", state, case.pk)
        assert "case_" in said


def test_a_number_and_a_click_make_one_case(stage: Stage) -> None:
    first, second = handed_in(stage), handed_in(stage)
    sql = "UPDATE casework_case SET number = %s WHERE id = %s"
    assert "unique" in forbidden(sql, first.number, second.pk)


def test_a_task_cannot_be_done_without_an_outcome_or_object_without_reasons(stage: Stage) -> None:
    case = accepted(stage, "export_tax_refund")
    task = stage.task(case, "hg_review")
    sql = "UPDATE casework_task SET {} WHERE id = %s"
    assert "task_done_has_outcome" in forbidden(sql.format("state = 'done'"), task.pk)
    assert "task_objection_has_opinion" in forbidden(sql.format("outcome = 'object'"), task.pk)
    assert "task_claimed_has_assignee" in forbidden(sql.format("state = 'claimed'"), task.pk)
    assert "task_returned_has_reason" in forbidden(sql.format("state = 'returned'"), task.pk)
    assert "task_dropped_has_reason" in forbidden(sql.format("state = 'dropped'"), task.pk)


def test_a_case_has_one_open_commitment(stage: Stage) -> None:
    case = deferring(stage)
    copy = (
        "INSERT INTO casework_commitment (state, text, text_hash, signer_name, signed_at, due_on, limit_on,"
        " case_id, document_id, signer_id) SELECT state, text, text_hash, signer_name, signed_at, due_on,"
        " limit_on, case_id, document_id, signer_id FROM casework_commitment WHERE case_id = %s"
    )
    assert "commitment_one_open" in forbidden(copy, case.pk)
    late = "UPDATE casework_commitment SET due_on = limit_on + 1 WHERE case_id = %s"
    assert "commitment_due_within_the_limit" in forbidden(late, case.pk)
