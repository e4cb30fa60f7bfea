"""Files on a bad line, and files that are too much: nothing half is kept, the reason stands at the field."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pytest_django import Settings

from qitong.casework.models import Case, Note
from qitong.datashare.models import Document
from qitong.demo.stage import Stage
from qitong.server.wsgi import application
from tests.datashare.made import docx
from tests.web_portal.conftest import GREEN, LIN

KEY = "articles"
MEGABYTE = 1024 * 1024


@pytest.fixture
def draft(stage: Stage) -> Case:
    return stage.apply(GREEN, "business_licence", LIN, leave=frozenset({KEY}))


@contextmanager
def same_connection() -> Iterator[None]:
    """The application itself is called within the test's transaction, which must not be closed."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def sent(client: Client, where: str, body: bytes, announced: int) -> str:
    """The status of a form with a file, sent to the server's application as a web server would."""
    environ = {
        **client._base_environ(),  # type: ignore[attr-defined]  # the stubs do not know it
        "REQUEST_METHOD": "POST",
        "PATH_INFO": where,
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "CONTENT_LENGTH": str(announced),
        "wsgi.input": io.BytesIO(body),
    }
    heard: list[str] = []

    def start(status: str, headers: object) -> None:
        heard.append(status)

    with same_connection():
        b"".join(application(environ, start))
    return heard[0][:3]


def form(client: Client, stage: Stage, draft: Case, name: str) -> tuple[str, bytes]:
    """Where the file is sent to, and the whole body, with the token that was handed out."""
    where = f"/my/drafts/{draft.pk}/materials/{KEY}"
    client.get(where)
    cookies: SimpleCookie = client.cookies
    file = SimpleUploadedFile(name, stage.paper("公司章程").read())
    fields = {"csrfmiddlewaretoken": cookies["csrftoken"].value, "deed": "upload", "file": file}
    return where, encode_multipart(BOUNDARY, fields)


def test_half_an_upload_leaves_nothing(lin: Client, stage: Stage, draft: Case) -> None:
    where, body = form(lin, stage, draft, "a.pdf")
    before = Document.objects.count()
    for broken_off in (body[: len(body) // 2], body[:-30], b""):
        assert sent(lin, where, broken_off, len(body)) == "403"
    assert Document.objects.count() == before
    assert draft.materials.get(key=KEY).document is None
    assert sent(lin, where, body, len(body)) == "302", "and whole it is kept"
    assert Document.objects.count() == before + 1


def test_a_file_that_is_too_large_is_told_and_what_was_typed_is_kept(
    lin: Client, stage: Stage, settings: Settings, tmp_path: Path
) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    settings.FILES_MAX_BYTES = MEGABYTE
    large = SimpleUploadedFile("大图.pdf", b"%PDF-1.7" + b" " * 9 * MEGABYTE)
    typed = {"documents": large, "text": "见附件", "client_key": "k"}
    answer = lin.post(f"/my/cases/{case.number}/notes", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "文件超过 1 MB" in page
    assert '<a href="#note-documents">' in page
    assert "见附件" in page
    assert not Note.objects.exists()


def test_no_more_of_a_file_reaches_the_disk_than_can_be_accepted(
    lin: Client, draft: Case, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILES_MAX_BYTES = MEGABYTE
    written: list[int] = []
    made = tempfile.NamedTemporaryFile

    def counted(*args: object, **more: object) -> object:
        file = made(*args, **more)  # type: ignore[call-overload]  # passed through
        write = file.write

        def noted(data: bytes) -> int:
            written.append(len(data))
            return int(write(data))

        monkeypatch.setattr(file, "write", noted)
        return file

    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", counted)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", counted)
    large = SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b" " * 9 * MEGABYTE)
    answer = lin.post(f"/my/drafts/{draft.pk}/materials/{KEY}", {"deed": "upload", "file": large})
    assert "文件超过 1 MB" in answer.content.decode()
    assert MEGABYTE < sum(written) < 2 * MEGABYTE


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", docx({"word/media/a.bin": b"\0" * 3 * MEGABYTE}), "大得异常"),
        ("a.docx", docx(document=b"<!DOCTYPE a><a/>"), "文档类型声明"),
        ("a.pdf", b"%PDF-1.7 ...", "不完整或已损坏"),
        ("长" * 130 + ".pdf", b"%PDF-1.7\n%%EOF", "最多120字"),
    ],
    ids=["bomb", "entities", "half", "long name"],
)
def test_what_cannot_be_taken_says_why_at_the_field(
    lin: Client, draft: Case, name: str, content: bytes, words: str
) -> None:
    sent = {"deed": "upload", "file": SimpleUploadedFile(name, content)}
    answer = lin.post(f"/my/drafts/{draft.pk}/materials/{KEY}", sent)
    page = answer.content.decode()
    assert (answer.status_code, words in page, '<a href="#id_file">' in page) == (422, True, True)
    assert not Document.objects.filter(name__startswith="a.").exists()


def test_the_name_shown_is_the_one_its_bringer_gave(lin: Client, stage: Stage, draft: Case) -> None:
    where, content = f"/my/drafts/{draft.pk}/materials/{KEY}", stage.paper("公司章程").read()
    for name in ("first.pdf", "second.pdf", "first.pdf"):
        lin.post(where, {"deed": "upload", "file": SimpleUploadedFile(name, content)})
        page = lin.get(where).content.decode()
        assert f">{name}</a>" in page
        assert draft.materials.get(key=KEY).document.name == name  # type: ignore[union-attr]


@pytest.mark.parametrize("said", [{}, {"deed": ""}, {"deed": "nothing"}])
def test_a_file_that_came_is_an_upload(lin: Client, stage: Stage, draft: Case, said: dict[str, str]) -> None:
    where, file = (
        f"/my/drafts/{draft.pk}/materials/{KEY}",
        SimpleUploadedFile("a.pdf", stage.paper("a").read()),
    )
    assert lin.post(where, {**said, "file": file}).status_code == 302
    kept = draft.materials.get(key=KEY).document
    assert kept is not None
    assert kept.name == "a.pdf"


def test_and_without_a_file_nothing_is_called_saved(lin: Client, draft: Case) -> None:
    answer = lin.post(f"/my/drafts/{draft.pk}/materials/{KEY}", {"whole": "1"})
    assert answer.status_code == 422
    assert "请选择文件。" in answer.content.decode()


def test_in_english_the_button_uploads_and_what_was_brought_is_uploaded(
    lin: Client, stage: Stage, draft: Case
) -> None:
    lin.cookies["django_language"] = "en"
    where, content = f"/my/drafts/{draft.pk}/materials/{KEY}", stage.paper("公司章程").read()
    lin.post(where, {"deed": "upload", "file": SimpleUploadedFile("a.pdf", content)})
    page = lin.get(where).content.decode()
    assert re.search(r'value="upload"[^>]*>\s*Upload\s*<', page)
    assert "· Uploaded ·" in page
