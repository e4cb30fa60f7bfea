"""What a surface says along with the bytes, so that no browser runs what somebody uploaded."""

from __future__ import annotations

import re
from typing import IO
from urllib.parse import quote

from django.http import FileResponse

from qitong.datashare.logic.filetypes import INLINE, PDF
from qitong.datashare.models import Document

# Nothing that is a program runs in either; the styles are those a browser writes itself around a picture
# or its PDF viewer.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# Browsers do not start their PDF viewer in a sandboxed page; the viewer is an origin of its own.
_PDF_ONLY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def headers(document: Document) -> dict[str, str]:
    """Headers for serving the document: shown in the page only as PDF, PNG or JPEG, else saved.

    The file name is given twice (RFC 6266): in ASCII for old clients, in UTF-8 (RFC 5987) for others.
    """
    inline = document.content_type in INLINE
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", document.name)
    full = quote(document.name, safe="")
    return {
        "Content-Type": document.content_type,
        "Content-Length": str(document.size),
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; "
        f"filename=\"{plain}\"; filename*=UTF-8''{full}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _PDF_ONLY if document.content_type == PDF.content_type else _SANDBOX,
        "Cache-Control": "private, no-store",
    }


def answer(document: Document, content: IO[bytes]) -> FileResponse:
    """The bytes with their :func:`headers`, which replace what Django guesses by the name in the store."""
    answered = FileResponse(content)
    for name, value in headers(document).items():
        answered[name] = value
    return answered
