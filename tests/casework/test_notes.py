"""Company and officers write to each other about a case, and each sees what the other has read."""

from __future__ import annotations

import io

import pytest

from qitong.casework import conversation, notes, queries, routing
from qitong.casework.logic.terms import Outcome, Side
from qitong.casework.models import Case, Note
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK, TIDE_CLERK
from qitong.kernel.masking import LIFTED
from qitong.ledger.erase import erase
from qitong.ledger.verify import verify
from tests.casework.said import accepted, again, delivered, doing, handed_in, kinds, refused


def ask(stage: Stage, case: Case, text: str = "章程要几份？", client_key: str = "") -> Note:
    return conversation.write(case_id=case.pk, text=text, client_key=client_key, **doing(stage, GREEN_CLERK))


def reply(stage: Stage, case: Case, text: str = "一份即可。") -> Note:
    return conversation.write(case_id=case.pk, text=text, by=stage.owner(case), at=stage.tick())


def marks(case: Case) -> list[list[str]]:
    return [[one.name for one in row.seen] for row in notes.latest(case, limit=20)]


def test_each_side_writes_and_sees_what_the_other_has_read(stage: Stage) -> None:
    case = handed_in(stage)
    first = ask(stage, case)
    assert marks(case) == [[]]
    owner = stage.owner(case)
    at = stage.tick()
    assert conversation.mark_read(case_id=case.pk, upto=first.pk, by=owner, at=at) == 1
    [row] = notes.latest(case, limit=5)
    assert [(one.reader_id, one.name, one.at) for one in row.seen] == [(owner.user_id, owner.name, at)]
    assert row.words == "章程要几份？"
    assert conversation.mark_read(case_id=case.pk, by=owner, at=stage.tick()) == 0
    assert kinds(case)[-2:] == ["case.note", "case.notes_read"]


def test_who_answers_has_read(stage: Stage) -> None:
    case = handed_in(stage)
    ask(stage, case)
    assert notes.unread_counts([case.pk], Side.OFFICE) == {case.pk: 1}
    reply(stage, case)
    assert notes.unread_counts([case.pk], Side.OFFICE) == {}
    assert notes.unread_counts([case.pk], Side.COMPANY) == {case.pk: 1}
    assert marks(case) == [[stage.owner(case).name], []]


def test_what_came_after_the_page_was_read_stays_unread(stage: Stage) -> None:
    case = handed_in(stage)
    first = ask(stage, case)
    ask(stage, case, "还有一个问题")
    conversation.mark_read(case_id=case.pk, upto=first.pk, by=stage.owner(case), at=stage.tick())
    assert notes.unread_counts([case.pk], Side.OFFICE) == {case.pk: 1}
    assert queries.visible(stage.owner(case)).filter(notes.unread_for(Side.OFFICE)).get() == case


def test_sent_twice_is_one_note(stage: Stage) -> None:
    case = handed_in(stage)
    first = ask(stage, case, client_key="k")
    assert ask(stage, case, client_key="k") == first
    assert Note.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n", "长" * 2001])
def test_nothing_and_too_much_are_refused_at_their_place(stage: Stage, text: str) -> None:
    case = handed_in(stage)
    with refused("too_long" if text.strip() else "missing") as caught:
        ask(stage, case, text)
    assert caught.value.field == "text"


def test_reviewers_read_along_but_do_not_write_and_leave_no_mark(stage: Stage) -> None:
    case = accepted(stage, "export_tax_refund")
    ask(stage, case)
    reviewer = stage.who("hg.reviewer")
    assert queries.visible(reviewer).filter(pk=case.pk).exists()
    with refused("not_allowed") as caught:
        conversation.write(case_id=case.pk, text="我来答", by=reviewer, at=stage.tick())
    assert "首问负责人" in str(caught.value)
    assert conversation.mark_read(case_id=case.pk, by=reviewer, at=stage.tick()) == 0
    assert notes.unread_counts([case.pk], Side.OFFICE) == {case.pk: 1}


def test_another_company_cannot_write(stage: Stage) -> None:
    case = handed_in(stage)
    with refused("not_allowed"):
        conversation.write(case_id=case.pk, text="你好", **doing(stage, TIDE_CLERK))
    assert conversation.mark_read(case_id=case.pk, by=stage.who(TIDE_CLERK), at=stage.tick()) == 0


def test_helpers_and_substitutes_write(stage: Stage) -> None:
    case = handed_in(stage)
    owner = stage.owner(case)
    helper = next(login for login in ("wang.fang", "li.qiang") if stage.who(login).user_id != owner.user_id)
    routing.transfer(
        case_id=case.pk, to=stage.cast.user(helper), reason="熟悉情况", by=owner, at=stage.tick()
    )
    written = conversation.write(case_id=case.pk, text="我是协办人", **doing(stage, helper))
    assert written.side == Side.OFFICE
    known = again(case).owner
    assert known is not None
    login = known.login.partition("@")[0]
    stage.cast.absent(login, "chen.jing", stage.day(), stage.day(), at=stage.tick())
    assert conversation.write(case_id=case.pk, text="我代办", **doing(stage, "chen.jing")).side == Side.OFFICE


def test_a_draft_and_a_withdrawn_case_take_no_notes(stage: Stage) -> None:
    draft = stage.apply("91310151MA1JK0001T", "business_licence", GREEN_CLERK)
    with refused("not_allowed") as caught:
        ask(stage, draft)
    assert str(caught.value) == "现在是“草稿”，不能“留言”。"


def test_after_the_end_notes_are_taken_as_long_as_it_can_be_reopened(stage: Stage) -> None:
    case = delivered(stage)
    stage.confirm(case, GREEN_CLERK)
    ask(stage, case, "证照上的地址对吗？")
    stage.days(60)
    with refused("not_allowed") as caught:
        ask(stage, case)
    assert "要求重新办理的期限" in str(caught.value)
    assert len(notes.latest(case, limit=5)) == 1


def test_a_refused_case_can_be_asked_about(stage: Stage) -> None:
    case = accepted(stage)
    stage.review_all(case)
    stage.decide(case, "scjg.head", Outcome.REFUSE, "名称与他人相同")
    ask(stage, case, "换个名称可以吗？")


def test_attachments_are_kept_with_the_note(stage: Stage) -> None:
    case = handed_in(stage)
    file = io.BytesIO(stage.paper("说明").read())
    conversation.write(
        case_id=case.pk, text="见附件", files=[("说明.pdf", file)], **doing(stage, GREEN_CLERK)
    )
    [row] = notes.latest(case, limit=5)
    assert [(paper.name, paper.size > 0) for paper in row.papers] == [("说明.pdf", True)]
    again_ = [(f"{n}.pdf", stage.paper(str(n))) for n in range(6)]
    with refused("too_many_files"):
        conversation.write(case_id=case.pk, text="太多", files=again_, **doing(stage, GREEN_CLERK))


def test_the_words_are_erased_with_the_ledgers(stage: Stage) -> None:
    case = handed_in(stage)
    note = ask(stage, case)
    assert note.words_id is not None
    erase([note.words_id], by="system:test", at=stage.tick(), reason="个人信息")
    [row] = notes.latest(case, limit=5)
    assert row.words is None
    assert verify(stream=case.stream, expected=[case.stream]).whole


def test_the_timeline_leaves_notes_out(stage: Stage) -> None:
    case = handed_in(stage)
    before = len(queries.timeline(case, veil=LIFTED))
    ask(stage, case)
    reply(stage, case)
    assert len(queries.timeline(case, veil=LIFTED)) == before


def test_a_key_is_one_persons_own(stage: Stage) -> None:
    """Two who happen to use the same key have both written."""
    case = handed_in(stage)
    asked = ask(stage, case, client_key="1")
    answered = conversation.write(
        case_id=case.pk, text="一份即可。", client_key="1", by=stage.owner(case), at=stage.tick()
    )
    assert asked != answered
