"""Contrast of the colours in the style sheet (WCAG 2.2), read from the sheet itself."""

from __future__ import annotations

import re

TEXTS = ("ink", "muted", "tide", "tide-deep", "reed", "green", "amber", "red", "red-deep")
GROUNDS = ("paper", "surface", "sunk")
# What is written on a coloured ground, and the edges of what one can act on.
ON = (
    ("on-tide", "tide"),
    ("on-tide", "tide-deep"),
    ("on-red", "red"),
    ("tide-deep", "tide-wash"),
    ("ink", "tide-wash"),
    ("reed", "reed-wash"),
)
EDGES = ("edge", "focus")

_BLOCK = re.compile(
    r'(:root, \[data-theme="light"\]|\[data-theme="dark"\]|:root:not\(\[data-theme\]\)) \{(.*?)\}', re.S
)
_TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6});")
_THEMES = {"light": "light", "dark": "dark", "not(": "device"}


def themes(css: str) -> dict[str, dict[str, str]]:
    """The colour tokens by theme: ``light``, ``dark``, and ``device`` (dark, because the device is)."""
    return {
        next(theme for mark, theme in _THEMES.items() if mark in selector): dict(_TOKEN.findall(body))
        for selector, body in _BLOCK.findall(css)
    }


def contrast(one: str, other: str) -> float:
    """Between 1 (the same) and 21 (black on white)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
