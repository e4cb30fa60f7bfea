from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.casework.logic.finding import ask, excerpt, fold, fold_slowly, spans
from qitong.kernel.errors import Refused

SOME = '绿能公司ＡＢab12１２-－—é\u0301ßﬁ 　\n\t\x00\u200b“"%_<>&'
TEXT = st.text(st.sampled_from(SOME) | st.characters(codec="utf-8"))
PLAIN = st.sampled_from('绿能公司ＡＢab12１２-－—“" 　\n\t') | st.characters(
    min_codepoint=32, max_codepoint=126
)


@given(st.text(PLAIN))
def test_the_quick_way_to_fold_is_the_slow_one(text: str) -> None:
    assert fold(text) == fold_slowly(text)


@given(TEXT)
def test_folding_again_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXT, TEXT)
def test_what_is_marked_is_what_was_found(text: str, word: str) -> None:
    word = fold(word)
    marks = spans(text, [word]) if word else []
    assert bool(marks) == (bool(word) and word in fold(text))
    for start, end in marks:
        assert word in fold(text[start:end])


@given(TEXT, TEXT, st.integers(10, 80))
def test_an_excerpt_is_a_part_of_the_text_around_the_first_hit(text: str, word: str, width: int) -> None:
    asked = [fold(word)] if fold(word) else []
    pieces = excerpt(text, asked, width=width)
    shown = "".join(piece.text for piece in pieces).removeprefix("…").removesuffix("…")
    assert shown in " ".join(text.split())
    if asked and asked[0] in fold(" ".join(text.split())):
        assert any(piece.hit for piece in pieces)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("QT26-7K3M", "qt267k3m"),
        ("ｑｔ26－7k3m", "QT26-7K3M-X2PQ"),
        ("0216789", "０２１－６７８９"),
        ("上海 绿能", "上海\n　绿能"),
        ("STRASSE", "straße"),
        ("caf\u00e9", "cafe\u0301"),
    ],
)
def test_ways_of_writing_do_not_matter(typed: str, written: str) -> None:
    assert fold(typed) in fold(written)


def test_words_are_cut_at_blanks_and_a_phrase_is_kept() -> None:
    assert ask('绿能　"节能 审查" “A－1” 绿').words == ("绿能", "节能 审查", "a1")


@pytest.mark.parametrize("nothing", ["", "  ", "- －", '""', "\u200b"])
def test_there_may_be_nothing_to_look_for(nothing: str) -> None:
    assert ask(nothing).words == ()


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(Refused, match="200"):
        ask("长" * 10_000)
    with pytest.raises(Refused, match="10"):
        ask(" ".join(f"词{n}" for n in range(11)))
