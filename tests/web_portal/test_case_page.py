from __future__ import annotations

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qitong.casework import conversation, delivery, intake, routing, supplements, tasks
from qitong.casework.logic.terms import Outcome
from qitong.casework.models import Case, Supplement
from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.web_portal.conftest import GREEN, LIN

LICENCE, FOOD = "business_licence", "food_business_licence"


def page(client: Client, case: Case) -> str:
    return client.get(f"/my/cases/{case.number}").content.decode()


def delivered(stage: Stage) -> Case:
    case = stage.submit(stage.apply(GREEN, LICENCE, LIN), LIN)
    stage.accept(case)
    for row in case.materials.all():
        verify(stage, case, row.key)
    stage.review_all(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    case.refresh_from_db()
    return case


def verify(stage: Stage, case: Case, key: str) -> None:
    from qitong.casework import deferral

    owner = stage.owner(Case.objects.get(pk=case.pk))
    deferral.verify(case_id=case.pk, key=key, correct=True, remark="", by=owner, at=stage.tick(1))


def test_a_correction_is_answered_in_the_same_pages(lin: Client, stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, LICENCE, LIN, leave=frozenset({"articles"})), LIN)
    owner = stage.owner(Case.objects.get(pk=case.pk))
    intake.notify_correction(case_id=case.pk, text="章程须全体股东签字", by=owner, at=stage.tick())
    shown = page(lin, case)
    assert "章程须全体股东签字" in shown
    assert f'href="/my/drafts/{case.pk}/materials"' in shown
    assert "按一次性告知补正" in lin.get("/my").content.decode()
    file = SimpleUploadedFile("articles.pdf", stage.paper("章程").read())
    where = f"/my/drafts/{case.pk}/materials/articles"
    assert lin.post(where, {"deed": "upload", "file": file}).status_code == 302
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "重新提交" in check
    assert "放弃这份草稿" not in check
    lin.post(f"/my/drafts/{case.pk}/check")
    case.refresh_from_db()
    assert case.state == "submitted"
    assert "补正后重新提交" in page(lin, case)


def test_a_supplement_is_answered_with_files(lin: Client, stage: Stage) -> None:
    asked = _asked(stage)
    case = asked.case
    assert "要求补充" in page(lin, case)
    assert "答复" in lin.get("/my").content.decode()
    where = f"/my/cases/{case.number}/supplements/{asked.pk}"
    assert "请提供平面图" in lin.get(where).content.decode()
    assert lin.post(where, {"answer": ""}).status_code == 422
    files = [SimpleUploadedFile("a.pdf", stage.paper("a").read()), SimpleUploadedFile("b.txt", b"ok")]
    assert lin.post(where, {"answer": "见附件", "documents": files})["Location"] == f"/my/cases/{case.number}"
    asked.refresh_from_db()
    assert asked.documents.count() == 2
    assert asked.answer == "见附件"
    assert lin.get(where).status_code == 302


def test_a_bad_file_of_an_answer_is_said_at_the_files_and_the_text_kept(lin: Client, stage: Stage) -> None:
    asked = _asked(stage)
    where = f"/my/cases/{asked.case.number}/supplements/{asked.pk}"
    bad = SimpleUploadedFile("a.exe", b"MZ\x90")
    answer = lin.post(where, {"answer": "见附件", "documents": bad})
    assert answer.status_code == 422
    assert '<a href="#id_documents">' in answer.content.decode()
    assert "见附件" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.answered_at is None


def _asked(stage: Stage) -> Supplement:
    case = stage.submit(stage.apply(GREEN, FOOD, LIN, food_business=True), LIN)
    stage.accept(case)
    task = case.tasks.exclude(kind__in=["acceptance", "decision"]).filter(state="enabled")[0]
    by = stage.who(f"{task.department.code}.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=stage.tick())
    asked = supplements.ask(task_id=task.pk, question="请提供平面图", by=by, at=stage.tick())
    case.refresh_from_db()
    return Supplement.objects.select_related("case").get(pk=asked.pk)


def test_the_result_is_downloaded_and_confirmed_once(lin: Client, stage: Stage) -> None:
    case = delivered(stage)
    shown = page(lin, case)
    paper = case.certificates.get()
    assert f"/documents/{paper.document.public_id}" in shown
    assert "确认办结" in shown
    assert "核对结果并确认" in lin.get("/my").content.decode()
    where = f"/my/cases/{case.number}/confirm"
    assert lin.get(where).status_code == 405
    lin.post(where)
    lin.post(where)
    case.refresh_from_db()
    assert case.state == "closed"
    assert "已办结" in page(lin, case)
    assert str(case.number) in lin.get("/my/cases?show=finished").content.decode()


def test_a_result_is_challenged_within_the_days_shown(lin: Client, stage: Stage) -> None:
    case = delivered(stage)
    where = f"/my/cases/{case.number}/reopen"
    assert "要求重新办理" in page(lin, case)
    assert lin.post(where, {"reason": ""}).status_code == 422
    assert lin.post(where, {"reason": "住所写错了"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "in_review" or case.round == 2
    shown = page(lin, case)
    assert "重新办理" in shown
    assert "住所写错了" in shown


def test_after_the_days_the_way_on_is_a_new_request(lin: Client, stage: Stage) -> None:
    case = delivered(stage)
    long_ago = now() - dt.timedelta(days=29)
    Case.objects.filter(pk=case.pk).update(delivered_at=long_ago)
    case.refresh_from_db()
    until = delivery.reopen_until(case)
    assert until is not None
    shown = lin.get(f"/my/cases/{case.number}/reopen").content.decode()
    assert "现在已过期限" in shown
    assert "/my/tell" in shown
    assert "还可以" not in page(lin, case)


def test_a_case_is_taken_back(lin: Client, stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, LICENCE, LIN), LIN)
    sent = {"reason": "", "sure": "on"}
    assert lin.post(f"/my/cases/{case.number}/withdraw", sent).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert "已撤回" in page(lin, case)


def test_an_empty_form_takes_nothing_back_and_keeps_the_reason(lin: Client, stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, LICENCE, LIN), LIN)
    shown = lin.get(f"/my/cases/{case.number}/withdraw").content.decode()
    assert "编号不再使用" in shown
    for sent in ({}, {"reason": "我们先改章程。"}):
        refused = lin.post(f"/my/cases/{case.number}/withdraw", sent)
        assert refused.status_code == 422
        text = refused.content.decode()
        assert 'href="#id_sure"' in text
        assert "确实要撤回，请勾选确认" in text
    assert "我们先改章程。" in text
    case.refresh_from_db()
    assert case.state == "submitted"


def test_what_was_written_is_shown_when_it_can_no_longer_be_taken_back(lin: Client, stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, LICENCE, LIN), LIN)
    sent = {"reason": "我们先改章程。", "sure": "on"}
    for status in (302, 422):
        answer = lin.post(f"/my/cases/{case.number}/withdraw", sent)
        assert answer.status_code == status
    text = answer.content.decode()
    assert "不能“撤回”" in text
    assert "我们先改章程。" in text


def test_a_refusal_is_shown_with_its_grounds(lin: Client, stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, LICENCE, LIN), LIN)
    stage.accept(case)
    stage.review_all(case)
    stage.decide(case, "scjg.head", Outcome.REFUSE, "名称与他人相同，请重新申报名称后再办")
    case.refresh_from_db()
    assert "名称与他人相同" in page(lin, case)


def test_another_officers_name_is_not_shown(lin: Client, stage: Stage) -> None:
    asked = _asked(stage)
    assert asked.asked_by.name not in page(lin, asked.case)


def test_pages_do_not_break_in_english(lin: Client, stage: Stage) -> None:
    case = delivered(stage)
    draft = stage.apply(GREEN, LICENCE, LIN)
    for where in (
        "/my",
        "/my/cases",
        "/my/start",
        f"/my/start?item={LICENCE}",
        "/my/tell",
        f"/my/cases/{case.number}",
        f"/my/cases/{case.number}/receipt",
        f"/my/cases/{case.number}/reopen",
        f"/my/drafts/{draft.pk}/check",
        f"/my/drafts/{draft.pk}/materials",
        "/my/projects",
        "/my/projects/new",
    ):
        answer = lin.get(where, headers={"accept-language": "en"})
        assert answer.status_code == 200, where
        assert '<html lang="en">' in answer.content.decode()


def test_the_page_can_be_unfolded_for_printing(lin: Client, stage: Stage) -> None:
    case = delivered(stage)
    by = stage.owner(case)
    for n in range(7):
        conversation.write(case_id=case.pk, text=f"第{n}条。", by=by, at=stage.tick())
    shown = page(lin, case)
    assert "第0条。" not in shown
    assert 'href="?print=all"' in shown
    whole = lin.get(f"/my/cases/{case.number}?print=all").content.decode()
    assert "第0条。" in whole
    assert "开始填写" in whole
    assert "data-print" in whole
    assert 'aria-label="扫码查进度"' in whole


def test_a_long_history_is_paged(lin: Client, stage: Stage) -> None:
    case = stage.accept(stage.submit(stage.apply(GREEN, LICENCE, LIN), LIN))
    for n in range(22):
        routing.contact(case_id=case.pk, note=f"第{n}次。", by=stage.owner(case), at=stage.tick())
    answer = lin.get(f"/my/cases/{case.number}")
    assert "第21次。" in answer.content.decode()
    assert "开始填写" not in answer.content.decode()
    older = lin.get(f"/my/cases/{case.number}{answer.context['earlier'].partition('#')[0]}").content.decode()
    assert "开始填写" in older
    assert "第21次。" not in older
