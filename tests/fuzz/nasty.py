"""What people, their keyboards and their enemies type."""

from __future__ import annotations

from hypothesis import strategies as st

NASTY = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\u202eexe.pdf",
    "\u200f\u200e",
    "\ufeff",
    "\u2028",
    "a\r\nSet-Cookie: x=1",
    "😀" * 50,
    "é" * 300,
    "长" * 10_000,
    "x" * 100_000,
    "9" * 5_000,
    "99999999999999999999",
    "9223372036854775808",
    "-1",
    "0",
    "1e309",
    "NaN",
    "Infinity",
    "1_000",
    "²",
    "٣",
    "１２",
    "½",
    "0x10",
    "true",
    "null",
    "[]",
    '{"a": 1}',
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "99999-12-31",
    "2026-02-30",
    "2026-03-03T25:61",
    "2026-W10",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{0.__class__}",
    "{missing}",
    "%s %(missing)s %",
    "{{ settings.SECRET_KEY }}",
    "../../etc/passwd",
    "https://example.com/@x",
    "//example.com",
    "\\",
    "a@b",
    "a@b.c",
    "13800000001",
    "+8613800000001",
    "91310151MA1JK0001T",
    "QT26-AAAA-BBBB",
    "00000000-0000-0000-0000-000000000007",
)
texts = st.sampled_from(NASTY) | st.text(max_size=60) | st.integers().map(str) | st.dates().map(str)
"""Any text, surrogates included: what a parser is handed by a program that did not check."""

sendable = texts.map(lambda text: text.encode("utf-8", "replace").decode())
"""Text that fits into a request: a lone surrogate cannot be sent."""

words = texts.filter(lambda text: len(text) < 20_000)
