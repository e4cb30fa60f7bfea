"""How words are compared and marked: what is looked for, and where it stands in a text.

Text and word are folded alike (NFKC, case, blanks, hyphens), and a hit is an exact substring of the
folded text. No dictionary cuts the text into words, so none can cut it wrongly and miss a hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say

LONGEST = 200
MOST_WORDS = 10
_GAP = 21  # a code point has 21 bits

# Numbers are typed with and without them, and with whichever of them the keyboard gave.
_HYPHENS = frozenset("-‐‑‒–—―−﹘﹣－")
_WITHOUT_HYPHENS = dict.fromkeys(map(ord, _HYPHENS))
_PLAIN = re.compile("[\\s -~\u3000-\u3020\u4e00-\u9fff\uff01-\uff5e]*")
_QUOTES = '"“”„「」『』＂'
_WORD = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]|([^{_QUOTES}\\s]+)")


class Source(StrEnum):
    """Where a text was written."""

    NUMBER = "number"
    TITLE = "title"
    DESCRIPTION = "description"
    ITEM = "item"
    COMPANY = "company"
    USCC = "uscc"
    CONTACT = "contact"
    PHONE = "phone"
    OWNER = "owner"
    TASK = "task"
    OPINION = "opinion"
    DECISION = "decision"
    REASON = "reason"
    SUPPLEMENT = "supplement"
    CORRECTION = "correction"
    REFUSAL = "refusal"
    NOTE = "note"
    MATERIAL = "material"
    CERTIFICATE = "certificate"


SOURCE_WORDS: dict[Source, Sentence] = {
    Source.NUMBER: say("编号"),
    Source.TITLE: say("标题"),
    Source.DESCRIPTION: say("具体情况"),
    Source.ITEM: say("事项"),
    Source.COMPANY: say("企业"),
    Source.USCC: say("统一社会信用代码"),
    Source.CONTACT: say("联系人"),
    Source.PHONE: say("联系电话"),
    Source.OWNER: say("负责人"),
    Source.TASK: say("部门任务"),
    Source.OPINION: say("部门意见"),
    Source.DECISION: say("决定的理由"),
    Source.REASON: say("理由"),
    Source.SUPPLEMENT: say("补充问答"),
    Source.CORRECTION: say("补正告知"),
    Source.REFUSAL: say("不予受理"),
    Source.NOTE: say("往来记录"),
    Source.MATERIAL: say("材料"),
    Source.CERTIFICATE: say("证照编号"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: every one of ``words``, folded, must be found."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; ``hit`` where it is what was looked for."""

    text: str
    hit: bool


def ask(text: str) -> Asked:
    """Read what was typed: words are all to be found, "a phrase" in quotes as it stands.

    Raises ``Refused`` when it is too long to be meant.
    """
    if len(text) > LONGEST:
        raise Refused(say("查询内容太长，请控制在{n}字以内。", n=LONGEST), code="too_long", field="q")
    found = [fold(phrase or word) for phrase, word in _WORD.findall(text)]
    words = list(dict.fromkeys(word for word in found if word))
    if len(words) > MOST_WORDS:
        raise Refused(say("最多同时查询{n}个词。", n=MOST_WORDS), code="too_many", field="q")
    # A word that is part of another is found with it.
    return Asked(text, tuple(w for w in words if not any(w in other for other in words if other != w)))


def gist(text: str) -> Asked:
    """As :func:`ask`, for filters that come with an address: of too much, the beginning."""
    return ask(" ".join(text[:LONGEST].split()[:MOST_WORDS]))


def fold(text: str) -> str:
    """The text as it is compared."""
    if _PLAIN.fullmatch(text):  # nothing that combines: the same, much quicker
        return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_WITHOUT_HYPHENS).split())
    return fold_slowly(text)


def fold_slowly(text: str) -> str:
    """Character by character, whatever the characters are."""
    return "".join(part for part, _, _ in _folded(text)).rstrip()


def grams(word: str) -> list[int]:
    """The keys by which the index knows a folded word, as the function ``casework_grams`` makes them."""
    points = [ord(char) for char in word]
    if len(points) == 1:
        return points
    triples = {n for n in range(len(points) - 2) if max(points[n : n + 3]) < 128}
    said = {at for n in triples for at in (n, n + 1)}  # pairs that lie in a triple say nothing more
    found = {points[n] << 2 * _GAP | points[n + 1] << _GAP | points[n + 2] for n in triples}
    found |= {a << _GAP | b for n, (a, b) in enumerate(pairwise(points)) if n not in said}
    return sorted(found)


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the folded words stand in the unfolded text: in order, touching ones joined."""
    folded, starts, ends = "", list[int](), list[int]()
    for part, start, end in _folded(text):
        folded += part
        starts += [start] * len(part)
        ends += [end] * len(part)
    found = sorted((starts[at], ends[at + len(word) - 1]) for word in words for at in _places(folded, word))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def excerpt(text: str, words: Sequence[str], *, width: int = 60) -> list[Piece]:
    """About ``width`` characters of the text around the first hit, cut into hits and the rest."""
    text = " ".join(text.split())
    marks = spans(text, words)
    first = marks[0][0] if marks else 0
    begin = max(0, first - width // 3) if len(text) > width else 0
    end = min(len(text), begin + max(width, (marks[0][1] if marks else 0) - begin))
    pieces, at = [Piece("…", False)] if begin else [], begin
    for start, stop in marks:
        if stop > end:
            break
        pieces += [Piece(text[at:start], False), Piece(text[start:stop], True)]
        at = stop
    pieces += [Piece(text[at:end], False), Piece("…" if end < len(text) else "", False)]
    return [piece for piece in pieces if piece.text]


def _places(folded: str, word: str) -> Iterator[int]:
    at = folded.find(word)
    while at >= 0:
        yield at
        at = folded.find(word, at + 1)


def _folded(text: str) -> Iterator[tuple[str, int, int]]:
    """The folded parts of a text, each with where it begins and ends in the text."""
    blank = True  # none at the beginning
    for start, end in _clusters(text):
        for char in _alike(text[start:end]):
            if char != " ":
                blank = False
                yield char, start, end
            elif not blank:
                blank = True
                yield " ", start, end


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """A character with the marks that combine with it, for they fold together."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _combines(text[at]):
            yield start, at
            start = at


def _combines(char: str) -> bool:
    return char > "\u02ff" and (unicodedata.combining(char) != 0 or unicodedata.category(char) == "Mn")


@lru_cache(maxsize=20_000)
def _alike(cluster: str) -> str:
    """One character with its marks, folded: nothing for a hyphen, a blank for whatever separates."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return "".join(_kept(char) for char in plain)


def _kept(char: str) -> str:
    if char in _HYPHENS:
        return ""
    category = unicodedata.category(char)
    if char.isspace() or category == "Cc":
        return " "
    return "" if category in ("Cf", "Cs", "Co") else char
