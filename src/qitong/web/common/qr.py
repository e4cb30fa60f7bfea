"""QR codes as inline SVG: printed receipts and certificates carry them."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from qitong.datashare.qrcodes import QUIET, modules, runs


def svg(url: str, *, title: str) -> SafeString:
    """Return a QR code (ISO/IEC 18004, error level M) of ``url``; ``title`` names it to screen readers.

    The quiet zone is in the drawing, so that no style can take it away.
    """
    rows = modules(url, border=QUIET)
    bars = "".join(f"M{column} {row}h{length}v1h-{length}z" for row, column, length in runs(rows))
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}"'
        f' shape-rendering="crispEdges"><path d="{bars}"/></svg>'
    )
    # Drawn from the modules alone: no text of ours enters the drawing.
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', title, mark_safe(drawing))  # noqa: S308
