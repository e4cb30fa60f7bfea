"""The clerk answers questions one at a time, sees what changed and why, applies, and the draft is filled."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.policies import facts
from qitong.policies.logic.keeping import Given
from qitong.policies.models import CompanyFact, PolicyVersion
from qitong.web.common.dates import now
from tests.policies.played import published
from tests.policies.test_what_a_company_sees import HI_TECH, PASSES
from tests.web_portal.conftest import GREEN, LIN
from tests.world import build, early_today


@pytest.fixture
def stage(db: None, files: Path) -> Stage:
    return build(early_today(now()), published)


def at(stage: Stage, view: str, *more: str) -> str:
    return reverse(f"portal:{view}", args=[stage.cast.company(GREEN).pk, *more])


def known(stage: Stage, **given: Given) -> None:
    for name, value in given.items():
        facts.answer(
            enterprise_id=stage.cast.company(GREEN).pk,
            name=name,
            value=value,
            by=stage.who(LIN),
            at=stage.at,
        )


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_who_acts_for_one_company_is_led_to_its_policies(stage: Stage, lin: Client) -> None:
    assert lin.get(reverse("portal:policies")).headers["Location"] == at(stage, "policies_of")


def test_the_list_proposes_the_question_worth_most(stage: Stage, lin: Client) -> None:
    page = text_of(lin, at(stage, "policies_of"))
    assert "下一个值得回答的问题" in page
    assert "需要您回答" in page


def test_three_answers_one_screen_each_then_the_list(stage: Stage, lin: Client) -> None:
    address = lin.get(at(stage, "policy_next")).headers["Location"]
    for _ in range(3):
        page = text_of(lin, address)
        assert page.count('name="unknown"') == 1
        answer = lin.post(address, {"unknown": "1"})
        assert answer.status_code == 302
        assert answer.headers["Location"] != address
        address = answer.headers["Location"]
    assert CompanyFact.objects.filter(value__isnull=True).count() == 3


def test_a_wrong_answer_is_kept_in_its_field_with_what_would_be_right(stage: Stage, lin: Client) -> None:
    address = at(stage, "policy_question", "employees")
    answer = lin.post(address, {"fact.employees": "大约八十"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "大约八十" in page
    assert "填写数字" in page
    assert not CompanyFact.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("debt_ratio", "999", "资产负债率应在0%至500%之间。"),
        ("debt_ratio", "一半", "如 5.5%。"),
        ("debt_ratio", "45.123456789", "写作 45."),
        ("employees", "很多", "如 120。"),
    ],
)
def test_a_mistake_is_told_as_one_types(stage: Stage, lin: Client, name: str, typed: str, says: str) -> None:
    answer = lin.post(at(stage, "policy_question", name), {f"fact.{name}": typed})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "应在0至5" not in answer.content.decode()


def test_no_answer_is_not_an_answer(stage: Stage, lin: Client) -> None:
    assert lin.post(at(stage, "policy_question", "is_hi_tech"), {}).status_code == 422


def test_a_percentage_is_typed_as_one(stage: Stage, lin: Client) -> None:
    lin.post(at(stage, "policy_question", "debt_ratio"), {"fact.debt_ratio": "45.5"})
    assert CompanyFact.objects.get().value == "0.455"
    assert 'value="45.5"' in text_of(lin, at(stage, "policy_question", "debt_ratio"))


def test_no_is_an_answer_like_yes(stage: Stage, lin: Client) -> None:
    lin.post(at(stage, "policy_question", "is_hi_tech"), {"fact.is_hi_tech": "false"})
    assert CompanyFact.objects.get().value is False


def test_the_answer_says_what_it_changed(stage: Stage, lin: Client) -> None:
    known(stage, **{name: value for name, value in PASSES.items() if name != "rd_3y"})
    address = at(stage, "policy_question", "rd_3y") + f"?for={HI_TECH}"
    answer = lin.post(address, {"fact.rd_3y": "500"}, follow=True)
    assert answer.redirect_chain[-1][0] == at(stage, "policy", HI_TECH)
    page = answer.content.decode()
    assert "现在可以享受：高新技术企业认定" in page


def test_a_policy_says_what_is_lacking_and_where_its_facts_come_from(stage: Stage, lin: Client) -> None:
    known(stage, **{**PASSES, "rd_3y": 416})
    page = text_of(lin, at(stage, "policy", HI_TECH))
    assert "还差84万元" in page
    assert "企业填报" in page
    assert "国科发火〔2016〕32号" in page
    assert "以主管部门认定为准" in page
    assert "科委" in page or "科学技术委员会" in page


def test_what_it_brings_stands_with_unit_and_period(stage: Stage, lin: Client) -> None:
    known(stage, **PASSES)
    page = text_of(lin, at(stage, "policy", HI_TECH))
    assert "预计每年100万元" in page
    assert "不能同时享受" in page


def test_a_superseded_policy_says_so_and_leads_to_the_new_one(stage: Stage, lin: Client) -> None:
    page = text_of(lin, at(stage, "policy", "little_giant_2022"))
    assert "已被新政策取代" in page
    assert at(stage, "policy", "little_giant_2026") in page
    assert at(stage, "policy_apply", "little_giant_2022") not in page


def test_one_tap_opens_the_filled_draft(stage: Stage, lin: Client) -> None:
    known(stage, **PASSES)
    answer = lin.post(at(stage, "policy_apply", HI_TECH))
    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("portal:draft", args=[case.pk])
    assert "研究开发费用" in case.form["description"]
    assert reverse("portal:draft", args=[case.pk]) in text_of(lin, at(stage, "policy", HI_TECH))


def test_unsuitable_and_suitable_again(stage: Stage, lin: Client) -> None:
    address = at(stage, "policy_unsuitable", HI_TECH)
    assert lin.post(address, {}).status_code == 422
    assert lin.post(address, {"reason": "other"}).status_code == 422
    assert lin.post(address, {"reason": "no_need"}).status_code == 302
    assert "您在" in text_of(lin, at(stage, "policy", HI_TECH))
    assert lin.post(at(stage, "policy_suitable", HI_TECH)).status_code == 302
    assert "您在" not in text_of(lin, at(stage, "policy", HI_TECH))


def test_another_company_finds_nothing_here(stage: Stage, he: Client) -> None:
    for address in (
        at(stage, "policies_of"),
        at(stage, "policy", HI_TECH),
        at(stage, "policy_question", "employees"),
        at(stage, "policy_next"),
        at(stage, "policy_unsuitable", HI_TECH),
    ):
        assert he.get(address).status_code == 404
    assert he.post(at(stage, "policy_apply", HI_TECH)).status_code == 404
    assert he.post(at(stage, "policy_question", "employees"), {"fact.employees": "1"}).status_code == 404
    assert not CompanyFact.objects.exists()


@pytest.mark.parametrize("page", ["list", "policy", "question"])
def test_a_page_takes_at_most_twelve_queries(stage: Stage, lin: Client, page: str) -> None:
    known(stage, **PASSES)
    address = {
        "list": at(stage, "policies_of"),
        "policy": at(stage, "policy", HI_TECH),
        "question": at(stage, "policy_question", "rd_3y"),
    }[page]
    lin.get(address)
    with CaptureQueriesContext(connection) as queries:
        lin.get(address)
    assert len(queries) <= 12, [q["sql"][:80] for q in queries]


def test_every_policy_has_its_page_in_both_languages(stage: Stage, lin: Client) -> None:
    known(stage, **PASSES)
    codes = PolicyVersion.objects.filter(sort="policy").values_list("code", flat=True)
    for code in codes:
        for language in ("zh-hans", "en"):
            lin.cookies["django_language"] = language
            text_of(lin, at(stage, "policy", code))


def test_before_anything_is_published_the_page_says_what_will_be_here(stage: Stage, lin: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM policies_policyversion")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert "还没有发布政策" in text_of(lin, at(stage, "policies_of"))


def test_one_of_several_is_told_as_one_of_several_and_a_bound_case_by_case(stage: Stage, lin: Client) -> None:
    page = text_of(lin, at(stage, "policy", "six_taxes_two_fees_half"))
    assert page.count("以下各项符合一项即可") == 1
    assert "<details" not in page.split("以下各项符合一项即可")[0].split("<main")[1]
    assert "尚缺：小型微利企业" not in page
    page = text_of(lin, at(stage, "policy", "job_stabilisation_2026"))
    assert "20%或5.5%" not in page
    assert "参保职工人数不超过30人的，上年度裁员率应不超过20%。" in page


def test_a_draft_is_no_application(stage: Stage, lin: Client) -> None:
    known(stage, **PASSES)
    lin.post(at(stage, "policy_apply", HI_TECH))
    page = text_of(lin, at(stage, "policies_of"))
    assert "草稿没有提交" in page
    assert "已在申请" not in page


def test_a_form_made_here_is_to_be_signed_not_kept(stage: Stage, lin: Client) -> None:
    page = text_of(lin, at(stage, "policy", "srdi_sme_2026"))
    assert "专精特新中小企业申请表（平台生成） <span" in " ".join(page.split())
    assert "平台生成，签署即可" in page
    assert "已有，自动带上" not in page


def test_an_amount_that_is_not_known_says_what_is_missing(stage: Stage, lin: Client) -> None:
    page = text_of(lin, at(stage, "policy", "six_taxes_two_fees_half"))
    assert "金额还不能估算，还缺：六税两费应纳税额。" in page


def test_what_is_under_way_is_not_applied_for_again(stage: Stage, lin: Client) -> None:
    known(stage, **PASSES)
    apply = at(stage, "policy_apply", HI_TECH)
    lin.post(apply)
    page = text_of(lin, at(stage, "policy", HI_TECH))
    assert "接着填申请草稿" in page
    assert f'action="{apply}"' not in page
    case = Case.objects.get()
    stage.fill(case, LIN)
    stage.submit(case, LIN)
    page = text_of(lin, at(stage, "policy", HI_TECH))
    assert "已经申请，办件" in page
    assert f'action="{apply}"' not in page
    assert "还在办理" in lin.post(apply, follow=True).content.decode()
    assert Case.objects.count() == 1


def test_a_bound_that_depends_says_which_case_is_the_companys(stage: Stage, lin: Client) -> None:
    known(stage, **PASSES)
    page = text_of(lin, at(stage, "policy", HI_TECH))
    assert "贵企业：近三年研究开发费用总额 ÷ 近三年销售收入总额为5%，应不低于5%。" in page
    assert page.count("贵企业：近三年研究开发费用总额") == 1, "the other cases are not its own"


def test_an_amount_that_lacks_something_leads_to_the_question(stage: Stage, lin: Client) -> None:
    known(stage, employees=30)
    page = text_of(lin, at(stage, "policy", "disability_levy_relief"))
    assert "回答后就能估算金额：" in page
    for name in ("disabled_employed", "avg_wage_wan"):
        assert at(stage, "policy_question", name) + "?for=disability_levy_relief" in page


def test_what_an_answer_settles_is_not_said_to_bring_what_it_only_touches(stage: Stage, lin: Client) -> None:
    page = text_of(lin, at(stage, "policy_question", "employees"))
    assert "答了就能确定：残疾人就业保障金分档减缴与小微免征；还关系到另外" in page
