"""The notes of a case as both sides see them: the thread, its read marks, and the form to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from qitong.accounts.actors import Actor
from qitong.casework import conversation, notes, personal
from qitong.casework.logic.terms import Side
from qitong.casework.models import Case, Note
from qitong.casework.permissions import Standing
from qitong.datashare.logic.filetypes import accepted
from qitong.kernel.errors import Refused
from qitong.kernel.masking import Veil
from qitong.kernel.words import Sentence
from qitong.web.common.addresses import address
from qitong.web.common.dates import now, today
from qitong.web.common.files import ACCEPT, FilesField, FilesInput
from qitong.web.common.http import acting, number_of, refusal_to_form
from qitong.web.common.paging import Page, page_of

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

NEWEST = 5
PAGE = 20


class NoteForm(forms.Form):
    """``client_key`` makes a form that is sent twice one note."""

    text = forms.CharField(
        label=_("写留言"),
        max_length=conversation.LONGEST,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": _("请填写留言内容。"),
            "max_length": _("最多%(limit_value)d个字，现在是%(show_value)d个字。"),
        },
    )
    documents = FilesField(label=_("附件"), required=False, widget=FilesInput({"accept": ACCEPT}))
    client_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        super().__init__(data, files, initial={"client_key": uuid4().hex}, auto_id="note-%s")
        self.fields["documents"].help_text = str(accepted())


@dataclass(frozen=True, slots=True)
class Line:
    """One note: whether one's own side wrote it, and whether the reader has not read it yet."""

    said: notes.Said
    ours: bool
    new: bool
    veil: Veil

    @property
    def words(self) -> str | None:
        return None if self.said.words is None else self.veil.text(self.said.words)

    @property
    def author(self) -> str:
        name = self.said.note.author.name
        return self.veil.name(name) if self.by_company else name

    @property
    def seen(self) -> list[tuple[str, dt.datetime]]:
        """Who of the other side has read it, and when."""
        names = (one.name if self.by_company else self.veil.name(one.name) for one in self.said.seen)
        return [(name, one.at) for name, one in zip(names, self.said.seen, strict=True)]

    @property
    def by_company(self) -> bool:
        return self.said.note.side == Side.COMPANY


@dataclass(frozen=True, slots=True)
class Thread:
    """What the part of the page shows. Without ``form`` nothing can be written and ``why_not`` says why."""

    lines: list[Line]
    write_href: str
    read_href: str
    document: str
    why_not: Sentence
    form: NoteForm | None
    more: bool = False
    page: Page[Note] | None = None

    @property
    def unread_upto(self) -> int | None:
        """The newest note shown that the reader has not read; None when there is nothing new."""
        return max((line.said.note.pk for line in self.lines if line.new), default=None)


def thread(
    actor: Actor,
    case: Case,
    *,
    surface: str,
    at: Standing | None = None,
    why_not: Sentence | None = None,
    newest: int = NEWEST,
) -> Thread:
    """The newest notes, for the case page: one query. ``surface``: ``portal`` or ``workbench``.

    ``why_not`` is that of ``casework.conversation``, where the page knows it already.
    """
    found = notes.latest(case, limit=newest + 1)
    if why_not is None:
        why_not = conversation.why_not(actor, case, on=today(), at=at)
    veil = personal.veil_of(actor, case, at=now())
    shown = _lines(found[-newest:], surface, actor, conversation.side_of(actor, case, at), veil)
    return _thread(case, shown, surface, why_not, more=len(found) > newest)


def whole(request: HttpRequest, case: Case, *, surface: str, form: NoteForm | None = None) -> Thread:
    """All notes, page by page, newest page first."""
    actor = acting(request)
    page = page_of(request, notes.of(case), key="written_at", size=PAGE)
    rows = [notes.said(note) for note in reversed(page.rows)]
    veil = personal.veil_of(actor, case, at=now())
    shown = _lines(rows, surface, actor, conversation.side_of(actor, case), veil)
    why_not = conversation.why_not(actor, case, on=today())
    return _thread(case, shown, surface, why_not, form=form, page=page)


def _lines(
    rows: Sequence[notes.Said], surface: str, actor: Actor, side: Side | None, veil: Veil
) -> list[Line]:
    """``side`` is the one the reader may write for; who only reads along has nothing new."""
    seat = Side.COMPANY if surface == "portal" else Side.OFFICE
    return [
        Line(
            row,
            ours=row.note.side == seat,
            new=side is not None and row.note.side != side and row.is_new_to(actor.user_id),
            veil=veil,
        )
        for row in rows
    ]


def _thread(
    case: Case,
    lines: list[Line],
    surface: str,
    why_not: Sentence,
    *,
    form: NoteForm | None = None,
    more: bool = False,
    page: Page[Note] | None = None,
) -> Thread:
    return Thread(
        lines=lines,
        write_href=address(f"{surface}:notes", case.number),
        read_href=address(f"{surface}:notes-read", case.number),
        document=f"{surface}:document",
        why_not=why_not,
        form=form or (None if why_not else NoteForm()),
        more=more,
        page=page,
    )


def posted(request: HttpRequest, case: Case) -> NoteForm | None:
    """Write what was sent: None when it was written, else the form with the reason at its place."""
    form = NoteForm(request.POST, request.FILES)
    if not form.is_valid():
        return form
    given = form.cleaned_data
    try:
        conversation.write(
            case_id=case.pk,
            text=given["text"],
            files=[(file.name, file) for file in given["documents"]],
            client_key=given["client_key"],
            by=acting(request),
            at=now(),
        )
    except Refused as refused:
        refusal_to_form(form, refused, file="documents")
        return form
    return None


def mark(request: HttpRequest, case: Case) -> None:
    """Note that the reader has read the notes shown, up to the newest of them."""
    upto = number_of(request.POST.get("upto", ""))
    if upto is not None:
        conversation.mark_read(case_id=case.pk, upto=upto, by=acting(request), at=now())
