from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from qitong.catalogue import queries
from qitong.web.common.dates import today


def test_all_items_stand_under_their_stages(client: Client, catalogue: None) -> None:
    page = client.get("/items").content.decode()
    for item in queries.items(today()):
        assert f'href="/items/{item.code}"' in page
    assert "企业设立" in page
    assert "3个工作日" in page
    assert "市场监督管理局" in page


def test_everyday_words_find_an_item(client: Client, catalogue: None) -> None:
    page = client.get("/items?q=我想开餐厅").content.decode()
    assert "/items/food_business_licence" in page
    assert "/items/seal_filing" not in page


def test_nothing_found_says_how_to_go_on(client: Client, catalogue: None) -> None:
    page = client.get("/items?q=火星移民").content.decode()
    assert "没有找到合适的事项" in page
    assert "/my/tell" in page


def test_what_is_searched_for_is_shown_as_text(client: Client, catalogue: None) -> None:
    page = client.get("/items?q=<script>").content.decode()
    assert "<script>”" not in page
    assert "&lt;script&gt;" in page


def test_before_a_catalogue_is_published_the_page_stands(client: Client, db: None) -> None:
    assert client.get("/items").status_code == 200
    assert client.get("/items/business_licence").status_code == 404


def test_every_guide_can_be_read_in_both_languages(client: Client, catalogue: None) -> None:
    for item in queries.items(today()):
        for language, name in (("zh-hans", item.name_zh), ("en", item.name_en)):
            answer = client.get(f"/items/{item.code}", headers={"accept-language": language})
            assert answer.status_code == 200
            assert escape(name) in answer.content.decode()


def test_a_guide_says_when_how_long_and_what_with(client: Client, catalogue: None) -> None:
    page = client.get("/items/construction_permit").content.decode()
    assert "工程投资额超过100万元，并且建筑面积超过500平方米" in page
    assert "核心材料" in page
    assert "step-graph--wide" in page
    assert "step-graph--vertical" in page
    assert "/my/start?item=construction_permit" in page
    assert 'href="/items/construction_planning_permit"' in page
    assert "（需要新增用地时）" in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("eia_approval", "环评类别不是不纳入环评管理"),
        ("energy_review", "年综合能源消费量达到1000吨标准煤，或者年电力消费量达到5000兆瓦时"),
        ("pollutant_discharge_permit", "排污许可管理类别是重点管理、简化管理"),
    ],
)
def test_conditions_are_put_into_words(client: Client, catalogue: None, code: str, words: str) -> None:
    assert words in client.get(f"/items/{code}").content.decode()


def test_a_page_of_items_asks_little_of_the_database(
    client: Client, catalogue: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/items")  # the edition in force is read once a process, and asked for each time
    with django_assert_num_queries(2):
        client.get("/items")
    with django_assert_num_queries(6):  # one more asks whether other policies are in force
        client.get("/items/construction_permit")
