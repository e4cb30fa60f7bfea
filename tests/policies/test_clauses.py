"""Where a condition stands is said in the language of the page; what has no regular form stays as it is."""

from __future__ import annotations

import re

import pytest

from qitong.kernel.words import Named
from qitong.policies.check import packaged
from qitong.policies.logic.clauses import number, place


@pytest.mark.parametrize(
    ("clause", "english"),
    [
        ("附件1", "Annex 1"),
        ("附件", "Annex"),
        ("附件二（四）", "Annex 2 (4)"),
        ("第五条(二)", "Art. 5 (2)"),
        ("第二条第一款第（三）项", "Art. 2 para. 1 item 3"),
        ("第三条第二项", "Art. 3 item 2"),
        ("第六条（五）、第八条", "Art. 6 (5), Art. 8"),
        ("第二章第三节", "Ch. 2 Sec. 3"),
        ("实施条例第一百条", "Implementing Regulations Art. 100"),
        ("第十二条之一", "第十二条之一"),
        ("第一条、通知正文", "Art. 1, 通知正文"),
        ("实施条例", "实施条例"),
    ],
)
def test_regular_references_are_translated(clause: str, english: str) -> None:
    assert place(clause) == Named(clause, english)


def test_where_nothing_is_said_nothing_is_shown() -> None:
    assert place("") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("二十三", 23),
        ("一百", 100),
        ("一百零二", 102),
        ("三百四十五", 345),
        ("九百九十九", 999),
        ("7", 7),
        ("12", 12),
    ],
)
def test_numbers_are_read_as_laws_write_them(text: str, found: int) -> None:
    assert number(text) == found


def test_every_packaged_reference_has_its_english() -> None:
    given = [place(c.clause) for e in packaged().entries.values() for c in e.rule.conditions]
    found = [each.en for each in given if each]
    assert len(found) > 20
    assert not [text for text in found if re.search(r"[^\x20-\x7e]", text)]
