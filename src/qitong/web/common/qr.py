"""QR codes as inline SVG: printed receipts and certificates carry them."""

from __future__ import annotations

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def svg(url: str, *, title: str) -> SafeString:
    """Return a QR code (ISO/IEC 18004, error level M) of ``url``; ``title`` names it to screen readers."""
    drawing = segno.make(url, error="m", micro=False).svg_inline(omitsize=True, border=0, svgclass=None)
    # segno draws from the modules alone: no text of ours enters the drawing.
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', title, mark_safe(drawing))  # noqa: S308
