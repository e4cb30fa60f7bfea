from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qitong.accounts.models import User
from qitong.casework import conversation
from qitong.casework.models import Case, Note
from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.web_portal.conftest import GREEN, LIN, signed_in


def handed_in(stage: Stage) -> Case:
    return stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)


def shown(client: Client, where: str) -> str:
    return client.get(where).content.decode()


def officer(stage: Stage, case: Case) -> Client:
    owner = User.objects.get(owned_cases=case)
    return signed_in(stage, owner.login.partition("@")[0])


def test_a_question_is_written_read_and_answered(lin: Client, stage: Stage) -> None:
    case = handed_in(stage)
    where = f"/my/cases/{case.number}/notes"
    file = SimpleUploadedFile("a.pdf", stage.paper("a").read())
    sent = {"text": "章程要几份？", "client_key": "k", "documents": file}
    assert lin.post(where, sent)["Location"] == f"/my/cases/{case.number}#notes"
    assert "对方还没有读" in shown(lin, f"/my/cases/{case.number}")
    note = Note.objects.get()
    desk = officer(stage, case)
    page = shown(desk, f"/desk/cases/{case.number}")
    assert "章程要几份？" in page
    assert "标为已读" in page
    paper = note.documents.get()
    answer = desk.get(f"/desk/documents/{paper.public_id}")
    assert answer.getvalue().startswith(b"%PDF")
    assert "对方还没有读" in shown(lin, where)  # looking at a page is not a deed
    desk.post(f"/desk/cases/{case.number}/notes/read", {"upto": note.pk})
    assert "已读：" in shown(lin, where)
    desk.post(f"/desk/cases/{case.number}/notes", {"text": "一份", "client_key": "o"})
    page = shown(lin, f"/my/cases/{case.number}")
    assert "一份" in page
    assert "标为已读" in page


def test_an_empty_note_is_refused_and_a_bad_file_keeps_the_words(lin: Client, stage: Stage) -> None:
    where = f"/my/cases/{handed_in(stage).number}/notes"
    answer = lin.post(where, {"text": " ", "client_key": "k"})
    assert answer.status_code == 422
    assert '<a href="#note-text">' in answer.content.decode()
    bad = SimpleUploadedFile("a.exe", b"MZ\x90")
    answer = lin.post(where, {"text": "见附件", "client_key": "k", "documents": bad})
    assert answer.status_code == 422
    assert "见附件" in answer.content.decode()
    assert '<a href="#note-documents">' in answer.content.decode()
    assert not Note.objects.exists()


def test_a_double_click_writes_once(lin: Client, stage: Stage) -> None:
    where = f"/my/cases/{handed_in(stage).number}/notes"
    for _ in range(2):
        assert lin.post(where, {"text": "一次", "client_key": "k"}).status_code == 302
    assert Note.objects.count() == 1


def test_another_company_finds_nothing(he: Client, stage: Stage) -> None:
    case = handed_in(stage)
    for path in ("notes", "notes/read"):
        assert he.post(f"/my/cases/{case.number}/{path}", {"text": "?", "upto": 1}).status_code == 404
    assert he.get(f"/my/cases/{case.number}/notes").status_code == 404


def test_a_long_conversation_is_paged(lin: Client, stage: Stage) -> None:
    case = handed_in(stage)
    by = stage.who(LIN)
    for n in range(22):
        conversation.write(case_id=case.pk, text=f"第{n}条。", by=by, at=now())
    page = shown(lin, f"/my/cases/{case.number}")
    assert "更早的留言" in page
    assert "第21条。" in page
    assert "第16条。" not in page
    whole = lin.get(f"/my/cases/{case.number}/notes")
    assert "第1条。" not in whole.content.decode()
    older = shown(lin, f"/my/cases/{case.number}/notes{whole.context['thread'].page.next}")
    assert "第1条。" in older
    assert "第21条。" not in older


def test_a_reviewer_reads_why_they_cannot_write(stage: Stage, lin: Client) -> None:
    case = handed_in(stage)
    lin.post(f"/my/cases/{case.number}/notes", {"text": "章程要几份？", "client_key": "k"})
    stage.accept(case)
    page = shown(signed_in(stage, "scjg.reviewer"), f"/desk/cases/{case.number}")
    assert "章程要几份？" in page
    assert "“留言”由" in page
    assert "标为已读" not in page
