from __future__ import annotations

import gzip

from django.http import HttpResponse, HttpResponseBase
from django.templatetags.static import static
from django.test import Client, RequestFactory

from qitong.server.static import KEPT, Shrink, version


def _fetch(address: str, **asked: str) -> tuple[HttpResponseBase, bytes]:
    answer = Client().get(address, headers={"accept-encoding": "gzip", **asked})
    return answer, answer.getvalue()


def test_a_style_sheet_travels_small_and_is_kept_for_a_year() -> None:
    address = static("qitong.css")
    assert address == f"/static/qitong.css?v={version('qitong.css')}"
    answer, sent = _fetch(address)
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Cache-Control"] == KEPT
    assert b"--paper" in gzip.decompress(sent)
    assert len(sent) < 12_000


def test_under_an_outdated_or_no_version_it_is_not_kept() -> None:
    for address in ("/static/qitong.css?v=0123456789ab", "/static/qitong.css"):
        answer, _ = _fetch(address)
        assert answer.status_code == 200
        assert "immutable" not in answer["Cache-Control"]


def test_a_file_that_is_not_there_has_no_version() -> None:
    assert version("nowhere.css") == ""
    assert static("nowhere.css") == "/static/nowhere.css"


def test_a_page_travels_small(db: None) -> None:
    answer, sent = _fetch("/login")
    assert answer["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(sent)


def test_what_is_packed_already_is_left_alone(rf: RequestFactory) -> None:
    def paper(request: object) -> HttpResponse:
        return HttpResponse(b"%PDF-1.7 " * 100, content_type="application/pdf")

    answer = Shrink(paper)(rf.get("/documents/1", HTTP_ACCEPT_ENCODING="gzip"))
    assert isinstance(answer, HttpResponse)
    assert "Content-Encoding" not in answer


def test_a_part_of_a_file_is_left_alone() -> None:
    answer, sent = _fetch("/static/qitong.css", range="bytes=0-999")
    assert (answer.status_code, len(sent)) == (206, 1000)
    assert "Content-Encoding" not in answer
