"""A PDF that is encrypted is refused, in words that say how to go on, however it hides it."""

from __future__ import annotations

import io

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from qitong.datashare.logic.filetypes import identify
from qitong.kernel.errors import Refused
from tests.datashare.conftest import PDF


def drawn(encryption: StandardEncryption | None = None, *, pages: int = 1) -> bytes:
    """A PDF as a real writer makes it."""
    content = io.BytesIO()
    canvas = Canvas(content, encrypt=encryption, invariant=True)
    for number in range(pages):
        canvas.drawString(72, 700, f"/Encrypt is only said here, {number}")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def by_stream(dictionary: bytes, *, behind: bytes = b"") -> bytes:
    """A PDF of version 1.5, whose table is a stream somewhere; ``behind`` follows it."""
    table = b"%%PDF-1.5\n7 0 obj\n<</Type/XRef%b/Length 5>>\nstream\n12345\nendstream\nendobj\n" % dictionary
    return table + behind + b"\nstartxref\n9\n%%EOF\n"


LOCKED = {
    "with a password to open it": drawn(StandardEncryption("geheim", strength=128)),
    "with a password to print it": drawn(StandardEncryption("", ownerPassword="x", canPrint=0, strength=40)),
    "of many pages": drawn(StandardEncryption("geheim", strength=128), pages=300),
    "whose table is a stream": by_stream(b"/Size 8/Root 1 0 R/Encrypt 5 0 R"),
    "whose table stands far from its end": by_stream(b"/Encrypt 5 0 R", behind=b"%\n" * 90_000),
    "that spells the word otherwise": by_stream(b"/#45ncr#79pt 5 0 R"),
    "that says nothing of where its table is": PDF.replace(b"%%EOF", b"trailer\n<</Encrypt 5 0 R>>\n%%EOF"),
}
OPEN = {
    "drawn": drawn(),
    "of many pages": drawn(pages=300),
    "whose table is a stream": by_stream(b"/Size 8/Root 1 0 R/EncryptMetadata false"),
    "whose table is not where it says": PDF.replace(b"%%EOF", b"startxref\n99999\n%%EOF"),
    "whose table is nowhere": PDF,
}


@pytest.mark.parametrize("what", LOCKED)
def test_an_encrypted_pdf_is_refused_beside_the_file(what: str) -> None:
    with pytest.raises(Refused, match=r"已加密.*请取消加密，或打印为新的 PDF") as refusal:
        identify(io.BytesIO(LOCKED[what]), "a.pdf")
    assert (refusal.value.code, refusal.value.field) == ("file_locked", "file")


@pytest.mark.parametrize("what", OPEN)
def test_a_pdf_that_only_speaks_of_it_is_accepted(what: str) -> None:
    assert identify(io.BytesIO(OPEN[what]), "a.pdf").label == "PDF"
