from __future__ import annotations

from pytest_django import DjangoAssertNumQueries

from tests.api.caller import Callers


def test_items_are_read_without_a_token(callers: Callers) -> None:
    found = callers.stranger().get("/items").json()
    assert found["on"] == "2026-03-03"
    assert len(found["items"]) == 28
    licence = found["items"][0]
    assert licence["code"] == "business_licence"
    assert licence["name"] == {"zh": licence["name"]["zh"], "en": licence["name"]["en"]}
    assert licence["promised"] == {"days": 3, "unit": "wd", "basis": None}


def test_items_are_found_by_everyday_words(callers: Callers) -> None:
    found = callers.stranger().get("/items", q="我想开餐厅").json()["items"]
    assert found[0]["code"] == "food_business_licence"


def test_one_item_shows_its_steps_materials_and_limits_with_units(callers: Callers) -> None:
    item = callers.stranger().get("/items/food_business_licence").json()
    after = {step["key"]: step["after"] for step in item["steps"]}
    assert after["accept"] == []
    assert all(before in after for steps in after.values() for before in steps)
    assert {m["key"]: m["material_class"]["code"] for m in item["materials"]}["food_safety"] == "red_line"
    assert item["statutory"]["unit"] == "wd"
    assert item["statutory"]["basis"]["zh"]
    assert all(step["limit"]["unit"] == "wd" for step in item["steps"])


def test_an_item_that_does_not_exist_is_a_404(callers: Callers) -> None:
    assert callers.stranger().get("/items/time_travel").status_code == 404


def test_before_the_first_catalogue_the_answer_says_so(callers: Callers) -> None:
    answer = callers.stranger().get("/items", on="2020-01-01")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/no_catalogue"


def test_the_list_takes_a_fixed_number_of_queries(
    callers: Callers, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stranger = callers.stranger()
    stranger.get("/items")  # the edition in force is read once a process, and asked for each time
    with django_assert_num_queries(3):  # one counts the request itself
        stranger.get("/items")
