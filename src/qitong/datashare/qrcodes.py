"""QR codes (ISO/IEC 18004) as rows of dark and light modules; what draws them is not decided here."""

from __future__ import annotations

QUIET = 4
"""Light modules that must surround a code for readers to find it."""


def modules(text: str, *, border: int = 0) -> list[list[bool]]:
    """The code of ``text`` (at most 2,213 bytes of UTF-8) at error level M (15 % may be lost)."""
    # here, so that no process holds it that draws none
    from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text))
    code.make()
    light = [False] * border
    rows = [[*light, *map(bool, row), *light] for row in code.modules]
    edge = [[False] * (len(rows) + 2 * border) for _ in range(border)]
    return [*edge, *rows, *edge]


def runs(rows: list[list[bool]]) -> list[tuple[int, int, int]]:
    """The dark modules as horizontal bars: ``(row, column, length)``."""
    found = []
    for place, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end] is row[start]:
                end += 1
            if row[start]:
                found.append((place, start, end - start))
            start = end
    return found
