from __future__ import annotations

import pytest

from qitong.casework import phrases
from qitong.casework.models import Case, Phrase
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk

TEXT = "{company}：“{item}”（{number}）还缺{missing}，期限{due}。{unknown}"


def _write(desk: Desk, name: str = "催补", text: str = TEXT, **more: object) -> None:
    answer = desk.client.post("/desk/phrases", {"name": name, "text": text, **more})
    assert answer.status_code == 302, answer.content.decode()


def test_places_are_filled_from_the_case_and_unknown_ones_stay(stage: Stage, owner: Desk) -> None:
    case = stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)
    _write(owner)
    answer = owner.get(f"/desk/phrases/for/{case.number}", **{"as": "json"})
    [phrase] = answer.json()["phrases"]  # type: ignore[attr-defined]  # the test client's answer
    assert phrase["name"] == "催补"
    assert phrase["text"].startswith("崇明绿源新材料有限公司：“固定资产投资项目节能审查")
    assert f"（{case.number}）还缺材料，期限2026年3月" in phrase["text"]
    assert phrase["text"].endswith("{unknown}")
    page = owner.get(f"/desk/phrases/for/{case.number}").content.decode()
    assert "<textarea" in page
    assert phrase["text"].split("（{")[0][:20] in page


def test_the_way_to_them_stands_below_the_texts_of_deeds(owner: Desk, submitted: Case) -> None:
    page = owner.page(submitted)
    assert (
        f'href="/desk/phrases/for/{submitted.number}?use=grounds" data-phrases="refuse-acceptance-grounds"'
        in page
    )


def test_a_use_narrows_the_choice(owner: Desk, submitted: Case) -> None:
    _write(owner, "处处")
    _write(owner, "只在理由", uses=["reason"])
    page = owner.get(f"/desk/phrases/for/{submitted.number}", use="note").content.decode()
    assert "处处</label>" in page
    assert "只在理由</label>" not in page


def test_a_departments_phrases_are_its_heads_to_write_and_everybodys_to_use(
    stage: Stage, owner: Desk
) -> None:
    head = Desk(stage, "sun.lei")
    place = stage.department("zs").pk
    _write(head, "本部门的", department=place)
    phrase = Phrase.objects.get()
    assert phrase.department_id == place
    page = owner.get("/desk/phrases").content.decode()
    assert "本部门的" in page
    assert f"/desk/phrases/{phrase.pk}/delete" not in page
    assert owner.get(f"/desk/phrases/{phrase.pk}").status_code == 404
    answer = owner.client.post(f"/desk/phrases/{phrase.pk}/delete", follow=True)
    assert "由部门负责人修改" in answer.content.decode()
    assert "本部门的" not in Desk(stage, "fgw.reviewer").get("/desk/phrases").content.decode()
    answer = owner.client.post("/desk/phrases", {"name": "冒充", "text": "x", "department": place})
    assert not Phrase.objects.filter(department=place, name="冒充").exists()


def test_one_is_changed_and_deleted(owner: Desk, stage: Stage) -> None:
    _write(owner)
    phrase = Phrase.objects.get()
    owner.client.post(f"/desk/phrases/{phrase.pk}", {"name": "改过", "text": "新内容"})
    phrase.refresh_from_db()
    assert (phrase.name, phrase.text) == ("改过", "新内容")
    assert Desk(stage, "li.qiang").get(f"/desk/phrases/{phrase.pk}").status_code == 404
    owner.client.post(f"/desk/phrases/{phrase.pk}/delete")
    assert not Phrase.objects.exists()
    kinds = Entry.objects.filter(kind__startswith="phrase.").values_list("kind", flat=True)
    assert list(kinds.order_by("pk")) == ["phrase.saved", "phrase.saved", "phrase.deleted"]


def test_starters_are_taken_over_once(owner: Desk, stage: Stage) -> None:
    for _ in range(2):
        owner.client.post("/desk/phrases/starters")
    names = list(Phrase.objects.values_list("name", flat=True))
    assert "电话联系企业" in names
    assert len(names) == len(set(names))
    assert "{company}" in Phrase.objects.get(name="电话联系企业").text


@pytest.mark.parametrize("missing", ["name", "text"])
def test_what_is_missing_is_asked_for(owner: Desk, stage: Stage, missing: str) -> None:
    given = {"name": "甲", "text": "乙"} | {missing: " "}
    answer = owner.client.post("/desk/phrases", given)
    assert answer.status_code == 422


def test_phrases_of_a_case_one_may_not_see_are_not_filled(stage: Stage, submitted: Case) -> None:
    assert Desk(stage, "hg.reviewer").get(f"/desk/phrases/for/{submitted.number}").status_code == 404


def test_a_text_too_long_is_refused_and_not_cut_and_a_line_break_is_one_character(stage: Stage) -> None:
    by, line = stage.who("wang.fang"), "字" * 9
    with pytest.raises(Refused, match="内容最多1000字，现在是1001字"):
        phrases.save(name="太长", text="字" * 1001, by=by, at=stage.tick())
    kept = phrases.save(name="百行", text=f"{line}\r\n" * 100, by=by, at=stage.tick())
    assert kept.text == "\n".join([line] * 100)


def test_places_are_filled_in_the_language_of_the_phrase(stage: Stage, owner: Desk) -> None:
    case = stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)
    _write(owner, "a", "应于{due}前办结，还缺{missing}")
    _write(owner, "b", "Due {due}: {item}")
    _write(owner, "c", "{due}")
    found = {}
    for language in ("zh-hans", "en"):
        owner.client.cookies["django_language"] = language
        answer = owner.get(f"/desk/phrases/for/{case.number}", **{"as": "json"})
        rows = answer.json()["phrases"]  # type: ignore[attr-defined]  # the test client's answer
        found[language] = [row["text"] for row in sorted(rows, key=lambda row: row["name"])]
    chinese, english, bare = found["en"]
    assert found["zh-hans"][:2] == [chinese, english], "whoever reads it"
    assert chinese.startswith("应于2026年3月")
    assert chinese.endswith("前办结，还缺材料")
    assert english.startswith("Due ")
    assert "2026: " in english
    assert english.isascii()
    assert bare != found["zh-hans"][2], "without words of its own, the reader's"
