"""Policies at the desk: read by every officer, written by an editor, published by another."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.accounts.actors import Role
from qitong.accounts.officers import create_user, grant_role
from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.policies.change_models import Change, Recheck
from qitong.policies.models import PolicyVersion
from qitong.policies.written import as_yaml
from qitong.web.common.context import Audience, home_of
from tests.accounts import cast
from tests.policies import desk as play
from tests.policies.desk import CODE
from tests.policies.played import published
from tests.web_workbench.conftest import Desk

pytestmark = pytest.mark.django_db
DRAFT = f"/desk/policies/{CODE}/draft"


@pytest.fixture
def editor(stage: Stage) -> Desk:
    play.company(1, 40)
    play.company(2, 60)
    play.loaded(dt.datetime(2026, 3, 3, 9, tzinfo=ZONE))
    return Desk(stage, "policy")


@pytest.fixture
def second(stage: Stage, editor: Desk) -> Desk:
    person = create_user(person=cast.newcomer("沈复核", login="17790000001"), by=play.SYSTEM, at=stage.at)
    grant_role(user=person, role=Role.POLICY_EDITOR, by=play.SYSTEM, at=stage.at)
    other = Desk(stage, "policy")
    other.client = Client()
    other.client.force_login(person)
    return other


def seen() -> str:
    return PolicyVersion.objects.get(code=CODE, stage="draft").content_hash


def begun(editor: Desk) -> None:
    assert editor.client.post(f"/desk/policies/{CODE}/begin").status_code == 302


def test_a_number_is_turned_counted_and_published_by_another(editor: Desk, second: Desk) -> None:
    begun(editor)
    page = editor.get(DRAFT).content.decode()
    assert "绿色投入 ÷ 上年度营业额应不低于5%。" in page
    numbers = {
        "seen": seen(),
        "C1.1": "4",
        "benefit.1": "10",
        "ceiling.1": "50",
        "valid.from": "2026-01-01",
        "valid.to": "2027-12-31",
        "windows.0.open": "2026-11-01",
        "windows.0.close": "2026-12-15",
    }
    shown = editor.client.post(f"{DRAFT}/numbers", numbers)
    page = shown.content.decode().partition('id="moved"')[2].partition("</fieldset>")[0]
    assert shown.status_code == 422
    assert re.findall(r"绿色投入：[\d.]+万元", page) == [
        "绿色投入：49.999999万元",
        "绿色投入：40万元",
        "绿色投入：39.999999万元",
    ]
    assert page.count("没有这个例子") == 2, "both edges of the new share are new"
    kept = editor.client.post(f"{DRAFT}/numbers", {**numbers, "accepted": accepted(page)})
    assert kept.status_code == 302
    assert "应不低于4%。" in editor.get(DRAFT).content.decode()
    assert editor.client.post(f"{DRAFT}/count").status_code == 302
    assert "自己起草的版本不能自己发布" in editor.get(DRAFT).content.decode()
    refused = editor.client.post(f"{DRAFT}/publish", {"seen": seen(), "effective_on": "2026-03-03"})
    assert refused.status_code == 422
    assert "第2版草稿" in second.get(DRAFT).content.decode()
    done = second.client.post(f"{DRAFT}/publish", {"seen": seen(), "effective_on": "2026-03-03"})
    assert done["Location"] == f"/desk/policies/{CODE}"
    assert Recheck.objects.filter(policy=CODE, done_at=None, cause="published").exists()
    assert PolicyVersion.objects.get(code=CODE, number=2).stage == "published"


def test_a_text_with_a_mistake_stays_as_typed_and_says_where(editor: Desk) -> None:
    begun(editor)
    text = as_yaml(PolicyVersion.objects.get(code=CODE, stage="draft").data)
    before = seen()
    wrong = text.replace(">= 5%", ">= 5万元")
    answer = editor.client.post(f"{DRAFT}/text", {"seen": before, "text": wrong})
    assert answer.status_code == 422
    page = answer.content.decode()
    line = wrong[: wrong.index("5万元")].count("\n") + 1
    assert f"第{line}行第" in page
    assert "5万元" in page
    assert seen() == before


def whole(**changed: str) -> dict[str, str]:
    """The form of numbers and days as it is on the page, with these changed."""
    shown = {"C1.1": "5", "benefit.1": "10", "ceiling.1": "50", "valid.from": "2026-01-01", "valid.to": ""}
    shown |= {"windows.0.open": "2026-11-01", "windows.0.close": "2026-12-15", "seen": seen()}
    return {**shown, **changed}


def test_a_number_by_which_examples_move_is_kept_once_its_author_has_seen_them(
    editor: Desk, second: Desk
) -> None:
    begun(editor)
    page = editor.client.post(f"{DRAFT}/numbers", {"seen": seen(), "C1.1": "9"}).content.decode()
    assert "请填写" in page
    before, numbers = seen(), whole(**{"C1.1": "9", "benefit.1": "20"})
    answer = editor.client.post(f"{DRAFT}/numbers", numbers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2个例子的结果会变，界限处要加" in page
    assert "绿色投入：50万元" in page
    assert "绿色投入：90万元" in page, "the new bound"
    assert 'value="9"' in page
    assert seen() == before
    other = editor.client.post(f"{DRAFT}/numbers", {**numbers, "C1.1": "8", "accepted": accepted(page)})
    assert other.status_code == 422, "examples at another bound have not been seen"
    kept = editor.client.post(f"{DRAFT}/numbers", {**numbers, "accepted": accepted(page)})
    assert kept.status_code == 302
    assert "有条件不符合" in second.get(DRAFT).content.decode().partition("与原版本不同的例子")[2]
    example = PolicyVersion.objects.get(code=CODE, stage="draft").data["examples"][0]
    assert (example["expect"], example["benefit"]) == ("not_eligible", 10)
    entry = Entry.objects.filter(kind="policy.draft_written").latest("pk")
    assert entry.body["examples"] == ["at", "below", "green_spent_1", "green_spent_2"]


def test_who_only_edits_policies_starts_with_them_and_finds_no_code_unfolded(
    editor: Desk, stage: Stage
) -> None:
    assert home_of(Audience.OFFICER, stage.who("policy")) == "/desk/policies"
    assert home_of(Audience.OFFICER, stage.who("wang.fang")) == "/desk"
    begun(editor)
    page = editor.get(DRAFT).content.decode()
    folded = re.findall(r"<details[^>]*>(.*?)</details>", page, re.DOTALL)
    assert [each for each in folded if "green_spent / green_sales" in each]
    assert "schema: 1" in "".join(folded)
    for each in folded:
        page = page.replace(each, "")
    assert "green_spent" not in page


def test_what_was_accepted_is_not_taken_for_other_results(editor: Desk) -> None:
    begun(editor)
    page = editor.client.post(f"{DRAFT}/numbers", whole(**{"benefit.1": "20"})).content.decode()
    answer = editor.client.post(f"{DRAFT}/numbers", whole(**{"benefit.1": "30", "accepted": accepted(page)}))
    assert answer.status_code == 422
    assert "2个例子的结果会变" in answer.content.decode()


def accepted(page: str) -> str:
    found = re.search(r'name="accepted" value="([0-9a-f]{16})"', page)
    assert found
    return found[1]


def test_two_windows_do_not_overwrite_each_other(editor: Desk) -> None:
    begun(editor)
    text = as_yaml(PolicyVersion.objects.get(code=CODE, stage="draft").data)
    first = seen()
    assert (
        editor.client.post(
            f"{DRAFT}/text", {"seen": first, "text": text.replace("Award for", "Grant for")}
        ).status_code
        == 302
    )
    late = editor.client.post(f"{DRAFT}/text", {"seen": first, "text": text.replace("Award for", "Aid for")})
    assert "已被修改，没有保存" in late.content.decode()


def test_drafts_are_closed_to_who_is_no_editor(stage: Stage, editor: Desk) -> None:
    begun(editor)
    other = Desk(stage, "wang.fang")
    assert other.get("/desk/policies").status_code == 200
    assert other.get(f"/desk/policies/{CODE}").status_code == 200
    assert other.get(DRAFT).status_code == 403
    assert other.client.post(f"{DRAFT}/discard").status_code == 403
    assert other.client.post(f"/desk/policies/{CODE}/begin").status_code == 403
    assert PolicyVersion.objects.filter(code=CODE).count() == 2
    assert not Change.objects.exists()


def test_pages_ask_little(stage: Stage, editor: Desk) -> None:
    begun(editor)
    editor.client.post(f"{DRAFT}/count")
    paths = ["/desk/policies", f"/desk/policies/{CODE}", DRAFT, f"{DRAFT}?company=第1企业有限公司"]
    paths.append(f"{DRAFT}/of/gained")
    asked = {}
    for path in paths:
        editor.get(path)
        with CaptureQueriesContext(connection) as found:
            assert editor.get(path).status_code == 200
        asked[path] = len(found)
    assert max(asked.values()) <= 12, asked


def test_conditions_joined_by_or_are_not_read_as_and(stage: Stage, editor: Desk) -> None:
    published(stage)
    page = editor.get("/desk/policies/innovative_sme").content.decode()
    assert "以下各项符合一项即可：" in page


@pytest.mark.parametrize(
    "text",
    [
        "a:\n" + "- " * 50_000 + "1",
        play.TEXT.replace("green_spent / green_sales >= 5%", "not " * 480 + "True"),
        play.TEXT.replace("green_spent / green_sales >= 5%", "-" * 1500 + "green_sales > 1元"),
    ],
    ids=["lists", "nots", "minus signs"],
)
def test_a_text_that_nests_without_end_is_answered_with_its_place(editor: Desk, text: str) -> None:
    answer = editor.client.post("/desk/policies/new", {"text": text})
    assert answer.status_code == 422
    assert "层级过深" in answer.content.decode()
