from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from qitong.accounts.models import User
from qitong.web.common.http import acting, company_required, officer_required


@company_required
def company_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(acting(request).name)


@officer_required
def officer_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(acting(request).name)


def _request(rf: RequestFactory, user: User | AnonymousUser) -> HttpRequest:
    request = rf.get("/cases/42?tab=2")
    request.user = user
    return request


def test_a_visitor_signs_in_first_and_comes_back(rf: RequestFactory) -> None:
    answer = company_page(_request(rf, AnonymousUser()))
    assert (answer.status_code, answer["Location"]) == (302, "/login?next=/cases/42%3Ftab%3D2")


def test_each_enters_by_their_own_door(rf: RequestFactory, boss: User, officer: User) -> None:
    assert company_page(_request(rf, boss)).status_code == 200
    assert officer_page(_request(rf, officer)).status_code == 200


@pytest.mark.parametrize("who", ["boss", "officer"])
def test_the_wrong_door_says_whose_it_is(rf: RequestFactory, boss: User, officer: User, who: str) -> None:
    user, page = (boss, officer_page) if who == "boss" else (officer, company_page)
    answer = page(_request(rf, user))
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 403
    words = "工作人员办理的页面" if who == "boss" else "企业办事的页面"
    assert words in answer.content.decode()


def test_the_actor_is_read_once(
    rf: RequestFactory, boss: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    request = _request(rf, boss)
    with django_assert_max_num_queries(3):
        first = acting(request)
        assert acting(request) is first


def test_acting_without_a_person_is_a_mistake_of_ours(rf: RequestFactory) -> None:
    with pytest.raises(TypeError):
        acting(_request(rf, AnonymousUser()))
