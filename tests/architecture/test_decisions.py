"""Decisions are numbered in their order, each number once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ADR = Path(__file__).parents[2] / "docs" / "adr"


def test_each_number_is_one_decision_and_its_title_says_it() -> None:
    found = sorted(ADR.glob("*.md"))
    numbers = Counter(int(file.name[:4]) for file in found)
    assert numbers == Counter(range(1, len(found) + 1))
    for file in found:
        assert file.read_text(encoding="utf-8").startswith(f"# {int(file.name[:4])}. "), file.name
