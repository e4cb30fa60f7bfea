"""The compendium of policies on public pages: dated, without a login, as a Word file too."""

from __future__ import annotations

import gzip
import html
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from qitong.accounts.models import User
from qitong.demo.cast import MAIL
from qitong.demo.stage import Stage
from qitong.policies.check import packaged
from qitong.policies.compendium.themes import THEMES, Theme
from qitong.policies.models import PolicyVersion
from qitong.web.public.policies import SIZE
from tests.datashare.docx_reading import complaints, read
from tests.policies.conftest import AT
from tests.policies.desk import loaded
from tests.policies.played import GREEN, LIN, published
from tests.web_common.test_every_page import left_over
from tests.world import build

ALL = "/policies"
RECOGNITION = "/policies/theme/recognition"
ONE = "/policies/hi_tech_enterprise"
MOST = 12
EN = {"accept-language": "en"}


@pytest.fixture
def stage(db: None, files: object, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The packaged policies in force, on 23 November 2026."""
    made = build(AT, published)
    monkeypatch.setattr(timezone, "now", lambda: made.at)
    return made


def text(client: Client, address: str, status: int = 200, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, address
    return html.unescape(answer.content.decode())


def test_every_theme_stands_there_with_how_many_are_in_force(client: Client, stage: Stage) -> None:
    page = text(client, ALL)
    assert "本汇编反映" in page
    assert "2026年11月23日" in page
    assert "施行中的政策共31项" in page
    for theme, name in THEMES.items():
        assert f'href="/policies/theme/{theme.value}"' in page
        assert name.zh in page


def test_a_theme_has_each_of_its_policies_whole_and_names_those_that_are_over(
    client: Client, stage: Stage
) -> None:
    page = text(client, RECOGNITION)
    for entry in packaged().entries.values():
        policy = entry.policy
        if policy.theme == Theme.RECOGNITION.value:
            assert f'href="/policies/{policy.id}"' in page
            assert policy.name.zh in page
    assert "国科发火〔2016〕32号" in page
    assert "已被“" in page
    assert "以下各项都要符合" in page


def test_one_policy_tells_all_that_is_to_be_known(client: Client, stage: Stage) -> None:
    page = text(client, ONE)
    for told in (
        "高新技术企业认定",
        "国科发火〔2016〕32号",
        "国家级",
        "全国",
        "科学技术委员会",
        "2016年1月1日",
        "否则，上年度销售收入不超过20,000万元的，",
        "应纳税所得额 × （25% − 15%）",
        "不能同时享受",
        'href="/policies/small_low_profit_cit"',
        'href="/items/hi_tech_enterprise"',
        "本平台第1版",
    ):
        assert told in page, told


def test_what_is_over_can_be_read_and_says_so(client: Client, stage: Stage) -> None:
    page = text(client, "/policies/srdi_sme_2022")
    assert "已被取代" in page
    assert "不再受理" in page


def test_another_day_is_asked_by_its_address_and_kept_in_links(client: Client, stage: Stage) -> None:
    day = "2026-12-24"
    page = text(client, f"{ALL}?on={day}")
    assert "2026年12月24日" in page
    assert f'href="/policies/theme/recognition?on={day}"' in page
    assert f'href="/policies/compendium.docx?on={day}"' in page
    assert f"on={day}" in text(client, f"{RECOGNITION}?on={day}")
    assert f'href="/policies/small_low_profit_cit?on={day}"' in text(client, f"{ONE}?on={day}")


def test_before_anything_was_published_the_pages_stand(client: Client, stage: Stage) -> None:
    assert "这一天没有已发布并施行的政策" in text(client, f"{ALL}?on=2020-01-01")
    assert "这一天没有已发布并施行的政策" in text(client, f"{RECOGNITION}?on=2020-01-01")
    text(client, f"{ONE}?on=2020-01-01", 404)
    assert complaints(read(client.get("/policies/compendium.docx?on=2020-01-01").content)) == []


@pytest.mark.parametrize("day", ["2026-02-30", "gestern", "0001-01-01", "9999-12-31", "-1"])
@pytest.mark.parametrize("address", [ALL, RECOGNITION, ONE])
def test_a_day_that_is_none_is_said_at_the_field(
    client: Client, stage: Stage, address: str, day: str
) -> None:
    answer = client.get(address, {"on": day})
    assert answer.status_code == 422
    assert '<a href="#id_on">' in answer.content.decode()
    assert client.get("/policies/compendium.docx", {"on": day}).status_code == 404


@pytest.mark.parametrize(
    "address", ["/policies/theme/tax", "/policies/no_such", "/policies/compendium.docx?theme=tax"]
)
def test_what_there_is_not_is_not_found(client: Client, stage: Stage, address: str) -> None:
    assert client.get(address).status_code == 404


def test_everyday_words_find_policies_and_say_how_to_go_on(client: Client, stage: Stage) -> None:
    assert f'href="{ONE}"' in text(client, f"{ALL}?q=高新")
    assert "没有找到合适的政策" in text(client, f"{ALL}?q=火星移民签证")
    assert "<script>”" not in client.get(f"{ALL}?q=<script>").content.decode()


def test_the_guide_of_an_item_names_the_policies_it_leads_to(client: Client, stage: Stage) -> None:
    assert f'href="{ONE}"' in text(client, "/items/hi_tech_enterprise")
    assert "由此申报的政策" not in text(client, "/items/construction_permit")


def test_a_policy_published_meanwhile_is_in_it_at_once(client: Client, stage: Stage) -> None:
    assert "绿色投入奖励" not in text(client, "/policies/theme/trade_and_local")
    loaded(stage.at)
    assert "绿色投入奖励" in text(client, "/policies/theme/trade_and_local")
    word = read(client.get("/policies/compendium.docx?theme=trade_and_local").content)
    assert "沪崇经〔2026〕9号" in word.text


@pytest.mark.parametrize("theme", ["", "income_tax"])
def test_it_can_be_taken_along_as_a_word_document(client: Client, stage: Stage, theme: str) -> None:
    answer = client.get("/policies/compendium.docx", {"theme": theme} if theme else {})
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert "attachment" in answer["Content-Disposition"]
    assert "2026-11-23.docx" in answer["Content-Disposition"]
    word = read(answer.content)
    assert complaints(word) == []
    assert ("研发费用加计扣除" in word.text) is (theme in ("", "income_tax"))
    assert (
        client.get("/policies/compendium.docx", {"theme": theme} if theme else {}).content == answer.content
    )


def test_who_is_signed_in_is_led_to_their_own_page_of_it(client: Client, stage: Stage) -> None:
    assert 'href="/my/policies"' in text(client, ONE)
    client.force_login(User.objects.get(login=LIN))
    assert f'href="/my/policies/{stage.cast.company(GREEN).pk}/hi_tech_enterprise"' in text(client, ONE)
    client.force_login(User.objects.get(login=f"wang.fang@{MAIL}"))
    assert 'href="/desk/policies/hi_tech_enterprise"' in text(client, ONE)
    assert 'href="/policies/compendium.docx"' in text(client, "/desk/policies")


@pytest.mark.parametrize("address", [ALL, f"{ALL}?q=研发", RECOGNITION, ONE, "/policies/compendium.docx"])
@pytest.mark.parametrize("login", ["", LIN])
def test_a_page_asks_little_of_the_database(
    client: Client,
    stage: Stage,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    address: str,
    login: str,
) -> None:
    if login:
        client.force_login(User.objects.get(login=login))
    with django_assert_max_num_queries(MOST):
        client.get(address)


def test_more_than_a_page_goes_on_behind_the_last(client: Client, stage: Stage) -> None:
    first = PolicyVersion.objects.get(code="green_factory")
    rows = []
    for n in range(SIZE + 3):
        code = f"zz_{n:02}"
        data = first.data | {"id": code, "name": {"zh": f"第{n}项", "en": f"No. {n}"}, "item": None}
        rows.append(
            PolicyVersion(
                code=code,
                number=1,
                stage=first.stage,
                data=data,
                content_hash=f"{n:064x}",
                effective_on=first.effective_on,
                authored_by=first.authored_by,
                authored_at=first.authored_at,
                published_by=first.published_by,
                published_at=first.published_at,
            )
        )
    PolicyVersion.objects.bulk_create(rows)
    met: list[str] = []
    address = RECOGNITION
    while address:
        page = text(client, address)
        met += re.findall(r'<h2 id="p-(\w+)"><a', page)
        further = re.search(r'<a href="(\?after=[^"]+)" rel="next"', page)
        address = f"{RECOGNITION}{further[1]}" if further else ""
    assert len(met) == len(set(met)) == 7 + SIZE + 3


def test_every_policy_reads_as_english_and_is_light(client: Client, stage: Stage) -> None:
    """What is quoted in Chinese is marked as Chinese; nothing else is."""
    published = set(PolicyVersion.objects.values_list("code", flat=True)) & set(packaged().entries)
    assert len(published) == len(packaged().entries) - 2  # two have no document number yet
    addresses = [f"/policies/{code}" for code in published]
    addresses += [f"/policies/theme/{theme.value}" for theme in Theme]
    for address in [ALL, *addresses]:
        answer = client.get(address, headers=EN)
        page = answer.content.decode()
        assert len(gzip.compress(answer.content)) < 40_000, address
        assert left_over(page, []) == [], address
        assert "documents themselves exist in Chinese only" in page or address == ALL
