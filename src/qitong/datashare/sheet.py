"""A4 pages of Chinese text: what the papers are drawn with.

Chinese is set in STSong-Light and ASCII in Times, both supplied by every PDF reader, so no font file
is carried. The same content always gives the same bytes (``invariant``): a retry stores nothing new.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from qitong.datashare.logic.wrapping import wrap
from qitong.datashare.qrcodes import QUIET, modules, runs

FONT, LATIN = "STSong-Light", "Times-Roman"
WIDTH: float = A4[0]
HEIGHT: float = A4[1]
TEXT = 12.0  # points
LEADING = 1.75
_KEPT_TOGETHER = 10  # lines; a longer value may run over to the next page
INK, GREY, RED = (0.1, 0.1, 0.1), (0.45, 0.45, 0.45), (0.6, 0.1, 0.12)

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def plain(text: str) -> str:
    """The text as the typeface can show it: what it lacks beyond the basic plane becomes 〓 (the
    printers' mark for a missing character), control characters vanish."""
    shown = ("〓" if c > "\uffff" else c for c in text if c >= " " or c == "\n")
    return "".join(shown)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Pieces of the text, each with the typeface it is set in."""
    for piece in re.findall(r"[ -~]+|[^ -~]+", text):
        yield piece, LATIN if piece.isascii() else FONT


def measure(text: str, size: float) -> float:
    return float(sum(pdfmetrics.stringWidth(piece, font, size) for piece, font in _runs(text)))


class Sheet:
    """A pen that writes downwards and turns the page by itself. Lengths are in points."""

    def __init__(
        self,
        title: str,
        *,
        foot: str = "",
        margin: float = 28 * mm,
        decorate: Callable[[Canvas], None] | None = None,
    ) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=A4, invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("企通")
        self._foot, self._decorate = plain(foot), decorate
        self.left: float = margin
        self.right: float = WIDTH - margin
        self.bottom: float = margin
        self.y: float = HEIGHT - margin
        self._page = 0
        self._begin_page()

    @property
    def width(self) -> float:
        return self.right - self.left

    def need(self, height: float) -> None:
        """Turn the page unless ``height`` is left on this one."""
        if self.y - height < self.bottom:
            self.canvas.showPage()
            self._begin_page()

    def space(self, height: float) -> None:
        self.y -= height

    def title(self, text: str, *, size: float = 22, colour: Sequence[float] = INK) -> None:
        """Centred, stroked a little, since the typeface has no bold."""
        for line in wrap(plain(text), self.width, lambda t: measure(t, size)):
            self.need(size * 1.5)
            self.y -= size
            self._write(WIDTH / 2 - measure(line, size) / 2, self.y, line, size, colour, bold=True)
            self.y -= size * 0.5

    def centred(self, text: str, *, size: float = TEXT, colour: Sequence[float] = GREY) -> None:
        for line in wrap(plain(text), self.width, lambda t: measure(t, size)):
            self._next_line(size)
            self._write(WIDTH / 2 - measure(line, size) / 2, self.y, line, size, colour)

    def paragraph(self, text: str, *, size: float = TEXT, indent: bool = True) -> None:
        """Body text, its first line indented by two characters as is the custom."""
        whole = ("\u3000\u3000" if indent else "") + plain(text)
        for line in wrap(whole, self.width, lambda t: measure(t, size)):
            self._next_line(size)
            self._write(self.left, self.y, line, size)

    def right_aligned(self, lines: Sequence[str], *, size: float = TEXT) -> None:
        """A block that is not parted: who signs and when."""
        shown = [part for line in lines for part in wrap(plain(line), self.width, lambda t: measure(t, size))]
        self.need(len(shown) * size * LEADING)
        for line in shown:
            self._next_line(size)
            self._write(self.right - measure(line, size), self.y, line, size)

    def rows(self, fields: Sequence[tuple[str, str]], *, label_width: float = 42 * mm) -> None:
        """Labels on the left, values on the right, a thin rule under each pair."""
        self._rule()
        for label, value in fields:
            labels = wrap(plain(label), label_width - TEXT, lambda t: measure(t, TEXT))
            values = wrap(plain(value), self.width - label_width, lambda t: measure(t, TEXT))
            lines = max(len(labels), len(values))
            if lines <= _KEPT_TOGETHER:
                self.need(lines * TEXT * LEADING + TEXT)
            for i in range(lines):
                self._next_line(TEXT)
                self._write(self.left, self.y, "".join(labels[i : i + 1]), TEXT, GREY)
                self._write(self.left + label_width, self.y, "".join(values[i : i + 1]), TEXT)
            self.y -= TEXT * 0.65
            self._rule()

    def qr(self, text: str, *, x: float, y: float, side: float) -> None:
        """A QR code drawn as vectors, its lower left corner at ``x``, ``y``, quiet zone included."""
        rows = modules(text, border=QUIET)
        cell = side / len(rows)
        path = self.canvas.beginPath()
        for row, column, length in runs(rows):
            path.rect(x + column * cell, y + side - (row + 1) * cell, length * cell, cell)
        self.canvas.setFillColorRGB(0, 0, 0)
        self.canvas.drawPath(path, fill=1, stroke=0)

    def label(self, text: str, *, x: float, y: float, size: float, colour: Sequence[float] = GREY) -> None:
        """One line centred at ``x``."""
        shown = plain(text)
        self._write(x - measure(shown, size) / 2, y, shown, size, colour)

    def finish(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._buffer.getvalue()

    def _begin_page(self) -> None:
        self._page += 1
        self.y = HEIGHT - self.bottom
        if self._decorate is not None:
            self._decorate(self.canvas)
        below = self.bottom - 9 * mm
        if self._foot:
            self._write(self.left, below, self._foot, 9, GREY)
        number = f"第 {self._page} 页"
        self._write(self.right - measure(number, 9), below, number, 9, GREY)

    def _next_line(self, size: float) -> None:
        self.need(size * LEADING)
        self.y -= size * LEADING

    def _rule(self) -> None:
        self.canvas.setStrokeColorRGB(0.75, 0.75, 0.75)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(self.left, self.y, self.right, self.y)

    def _write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: Sequence[float] = INK,
        *,
        bold: bool = False,
    ) -> None:
        pen = self.canvas.beginText(x, y)
        pen.setFillColorRGB(*colour)
        if bold:
            pen.setTextRenderMode(2)
            self.canvas.setStrokeColorRGB(*colour)
            self.canvas.setLineWidth(size / 40)
        for piece, font in _runs(text):
            pen.setFont(font, size)
            pen.textOut(piece)
        if bold:
            pen.setTextRenderMode(0)
        self.canvas.drawText(pen)
