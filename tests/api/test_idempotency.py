from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from qitong.api import idempotency
from qitong.api.models import IdempotencyKey
from qitong.casework.models import Case
from tests.api.caller import GREEN, REQUEST, Caller, Callers, open_application, pdf

BODY = {**REQUEST, "submit": True}


def test_the_same_post_twice_makes_one_case_and_one_answer(company: Caller) -> None:
    first = company.post("/cases", BODY, key="a-1")
    second = company.post("/cases", BODY, key="a-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_without_a_key_two_posts_are_two_cases(company: Caller) -> None:
    company.post("/cases", BODY)
    company.post("/cases", BODY)
    assert Case.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(company: Caller) -> None:
    company.post("/cases", BODY, key="a-1")
    other = company.post("/cases", {**BODY, "title": "别的事"}, key="a-1")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency_key_reused")
    assert Case.objects.count() == 1


def test_a_key_belongs_to_one_token_and_one_address(callers: Callers, company: Caller) -> None:
    company.post("/cases", BODY, key="a-1")
    other = callers.company()
    assert "Idempotency-Replayed" not in other.post("/cases", BODY, key="a-1")
    draft = open_application(company)
    assert company.post(f"/cases/{draft['id']}/deeds/discard", key="a-1").status_code == 200


def test_a_refusal_leaves_neither_key_nor_work_and_may_be_tried_again(company: Caller) -> None:
    wrong = {**BODY, "title": " "}
    assert company.post("/cases", wrong, key="a-1").status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert not Case.objects.exists()
    assert company.post("/cases", BODY, key="a-1").status_code == 201


def test_an_upload_is_replayed_though_its_boundary_differs(company: Caller) -> None:
    case = open_application(company)
    at, content = f"/cases/{case['id']}/materials/layout", pdf(company.stage, "layout")
    company.ok(company.upload(at, content, key="u-1"))
    assert company.upload(at, content, key="u-1")["Idempotency-Replayed"] == "true"
    assert company.upload(at, pdf(company.stage, "other"), key="u-1").status_code == 422


@pytest.mark.parametrize("key", ["x" * 101, "tab\there"])
def test_a_key_that_cannot_be_kept_is_refused(company: Caller, key: str) -> None:
    answer = company.post("/cases", BODY, key=key)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_old_keys_are_forgotten_and_young_ones_kept(company: Caller) -> None:
    company.post("/cases", BODY, key="old")
    company.stage.days(2)
    company.post("/cases", BODY, key="young")
    assert idempotency.purge(before=company.stage.at - dt.timedelta(hours=24)) == 1
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_make_one_case(transactional_db: None, company: Caller) -> None:
    """On real connections: the second waits for the first and is given its answer."""

    def post(_: int) -> tuple[int, bytes, bool]:
        try:
            answer = Caller(company.stage, company.raw).post("/cases", BODY, key="same")
            return answer.status_code, answer.content, "Idempotency-Replayed" in answer
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(post, range(4)))
    assert {status for status, _, _ in answers} == {201}
    assert len({content for _, content, _ in answers}) == 1
    assert sorted(replayed for _, _, replayed in answers) == [False, True, True, True]
    assert Case.objects.filter(enterprise__uscc=GREEN).count() == 1
