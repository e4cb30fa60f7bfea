"""What is written anywhere in a case is found; what is erased is not."""

from __future__ import annotations

import pytest

from qitong.accounts import company, own_account
from qitong.casework import drafts, intake, routing, supplements, tasks
from qitong.casework.indexing import reindex
from qitong.casework.logic.finding import SOURCE_WORDS, Source
from qitong.casework.logic.terms import RefusalReason, TaskOutcome
from qitong.casework.models import Case, CaseText, Certificate
from qitong.demo.stage import Stage
from qitong.kernel.words import Sentence
from qitong.ledger.erase import erase
from qitong.ledger.models import Entry
from tests.automation.queue import react_to_all
from tests.search.conftest import CLERK, GREEN, ITEM, found, read_again

pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)


def _finds(case: Case, *texts: str) -> None:
    read_again()
    for text in texts:
        assert found(text) == {case.pk}, text


def test_a_draft_is_nobody_elses_to_find(stage: Stage) -> None:
    stage.request(GREEN, CLERK, "门口道路积水", "下雨就积水")
    read_again()
    assert found("积水") == set()


def test_number_company_code_contact_phone_and_owner(stage: Stage, case: Case) -> None:
    assert case.number is not None
    assert case.owner is not None
    phone = case.enterprise.phone
    _finds(
        case, case.number, case.number.replace("-", "").lower(), case.number[-4:], case.enterprise.uscc[5:]
    )
    _finds(case, case.enterprise.name, case.enterprise.name[3:5], phone, f"{phone[:4]}－{phone[4:]}")
    _finds(case, case.owner.name, str(case.form["contact_name"]))


def test_the_item_in_both_languages_its_code_and_its_materials(case: Case) -> None:
    assert case.item_version is not None
    material = case.item_version.spec.materials[0].name
    _finds(case, "节能审查", "energy", ITEM, material.zh, material.en.upper())
    _finds(case, f"{case.enterprise.name} 节能审查", f"{material.zh} {case.number}")


def test_title_and_description_of_a_request(asked: Case) -> None:
    _finds(asked, "门口道路", "叉车出不去", "叉车 积水", '"下雨就积水，叉车"', "雨")
    assert found("叉车 不存在") == set()
    assert found('"叉车 积水"') == set()


def test_opinions_questions_answers_and_reasons(stage: Stage, case: Case) -> None:
    stage.accept(case)
    task = case.tasks.exclude(kind__in=["acceptance", "decision"]).select_related("department")[0]
    by = stage.who(f"{task.department.code}.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=stage.tick())
    asked = supplements.ask(task_id=task.pk, question="请补充能耗计算书", by=by, at=stage.tick())
    supplements.answer(
        supplement_id=asked.pk, text="已附上折标煤明细", files=[], by=stage.who(CLERK), at=stage.tick()
    )
    tasks.finish(
        task_id=task.pk, outcome=TaskOutcome.CONCUR, opinion="单位能耗优于限额", by=by, at=stage.tick()
    )
    _finds(case, "能耗计算书", "折标煤明细", "优于限额", "电话联系")


def test_grounds_and_certificates(stage: Stage, asked: Case) -> None:
    stage.accept(asked)
    stage.dispatch(asked, "jw", "查看雨水井盖", days=3)
    stage.review_all(asked)
    tasks.complete_request(case_id=asked.pk, by=stage.owner(asked), at=stage.tick())
    stage.reply(asked, "已疏通管道并更换泵机")
    stage.deliver(asked)
    _finds(asked, "雨水井盖", "更换泵机", Certificate.objects.get(case=asked).number)


def test_a_refusal_to_accept(stage: Stage, asked: Case) -> None:
    intake.refuse_acceptance(
        case_id=asked.pk,
        reason=RefusalReason.OUTSIDE_JURISDICTION,
        grounds="不在本园区，请找镇政府",
        by=stage.owner(asked),
        at=stage.tick(),
    )
    _finds(asked, "镇政府")


def test_a_helper_is_found_by_name(stage: Stage, case: Case) -> None:
    helper = stage.cast.user("fgw.reviewer")
    routing.transfer(case_id=case.pk, to=helper, reason="熟悉能耗", by=stage.owner(case), at=stage.tick())
    _finds(case, helper.name)


def test_what_follows_from_a_deed_makes_it_found(stage: Stage, asked: Case) -> None:
    react_to_all(stage.at)
    assert found("积水") == {asked.pk}
    routing.contact(case_id=asked.pk, note="物业称水泵已报修", by=stage.owner(asked), at=stage.tick())
    assert found("水泵") == set()
    react_to_all(stage.at)
    assert found("水泵") == {asked.pk}


def test_a_company_and_an_officer_are_found_by_their_new_names(stage: Stage, asked: Case) -> None:
    owner = asked.owner
    assert owner is not None
    react_to_all(stage.at)
    company.correct_licence(
        enterprise=asked.enterprise,
        name="崇明碧海材料有限公司",
        legal_representative="林海",
        address="园区二路2号",
        by=stage.owner(asked),
        at=stage.tick(),
    )
    own_account.rename(name="欧阳芳", by=stage.owner(asked), at=stage.tick())
    react_to_all(stage.at)
    assert found("碧海材料 欧阳") == {asked.pk}
    assert found(owner.name) == set()


def test_an_erased_text_is_erased_from_search(stage: Stage, asked: Case) -> None:
    routing.contact(case_id=asked.pk, note="老板姓慕容", by=stage.owner(asked), at=stage.tick())
    react_to_all(stage.at)
    assert found("慕容") == {asked.pk}
    erase(asked.stream, by="system:test", at=stage.tick(), reason="本人要求")
    react_to_all(stage.at)
    assert found("慕容") == set()
    assert "慕容" not in str(CaseText.objects.values_list("sources", "folded"))


def test_reading_again_what_has_not_changed_writes_nothing(stage: Stage, asked: Case) -> None:
    react_to_all(stage.at)
    entries = list(Entry.objects.filter(stream=asked.stream))
    assert reindex(entries) == []


def test_every_source_has_its_word() -> None:
    assert set(SOURCE_WORDS) == set(Source)
    assert all(isinstance(word, Sentence) for word in SOURCE_WORDS.values())


def test_what_is_typed_in_a_correction_is_found_when_it_is_sent(stage: Stage, asked: Case) -> None:
    by, clerk = stage.owner(asked), stage.who(CLERK)
    intake.notify_correction(case_id=asked.pk, text="请写明位置", by=by, at=stage.tick())
    react_to_all(stage.at)
    typed = "东门地磅旁"
    drafts.save_field(case_id=asked.pk, field="description", value=typed, by=clerk, at=stage.tick())
    react_to_all(stage.at)
    assert found("地磅") == set()
    intake.answer_correction(case_id=asked.pk, by=clerk, at=stage.tick())
    react_to_all(stage.at)
    assert found("地磅") == {asked.pk}
