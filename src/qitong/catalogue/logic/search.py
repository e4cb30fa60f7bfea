"""Finding an item by everyday words, in Chinese or English, and saying why it was found.

A catalogue has dozens of items, not thousands: every phrase is looked at. Width, case and traditional
characters make no difference; one wrong letter or character is forgiven when nothing fits exactly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qitong.catalogue.logic.types import ItemSpec

TRADITIONAL = (
    "開开廳厅館馆飯饭註注冊册執执業业營营證证環环評评設设備备驗验規规劃划項项專专員员網网電电補补貼贴稅税務务發发"
    "產产權权進进報报關关廠厂積积險险會会衛卫與与實实審审許许請请辦办買买賣卖貨货運运輸输綠绿陽阳僱雇傭佣應应"
    "場场樓楼區区園园標标準准條条債债貸贷資资額额費费優优惠惠減减徵征納纳總总檔档驟骤類类給给統统單单間间聯联"
    "車车輛辆橋桥壩坝構构築筑竣竣動动產产離离職职籤签訂订測测試试學学校校醫医療疗藥药飲饮糧粮農农機机械械廢废"
    "氣气煙烟塵尘聲声噪噪熱热煉炼鋼钢鐵铁鋁铝銅铜塗涂裝装飾饰潔洁淨净創创業业導导師师價价據据約约紙纸帳账號号"
    "轉转讓让變变更更銷销罰罚處处訴诉訟讼調调協协議议談谈購购並并連连過过遷迁戶户籍籍繳缴領领獎奖勵励貿贸雲云"
)
_TO_SIMPLE = str.maketrans(dict(zip(TRADITIONAL[::2], TRADITIONAL[1::2], strict=True)))
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:[&'-][a-z0-9]+)*")
_EMPTY = frozenset(
    {
        "i",
        "want",
        "to",
        "a",
        "an",
        "the",
        "how",
        "do",
        "does",
        "my",
        "for",
        "of",
        "in",
        "on",
        "at",
        "we",
        "need",
        "get",
        "apply",
        "please",
        "can",
        "our",
        "and",
        "or",
        "is",
        "with",
        "it",
        "you",
        "me",
        "would",
        "like",
        "should",
        "where",
        "what",
        "which",
    }
)


class Where(StrEnum):
    """In what the words were found, the plainest first."""

    WORD = "word"
    NAME = "name"
    MATERIAL = "material"


WEIGHT = {Where.WORD: 4, Where.NAME: 3, Where.MATERIAL: 1}


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found: ``because`` of which phrase, and where that stands."""

    code: str
    score: int
    because: str
    where: Where


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    where: Where
    plain: str
    words: frozenset[str]


def plain(text: str) -> str:
    """Without the differences of width, case and script that people do not mean."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_TO_SIMPLE)


def find(asked: str, specs: Sequence[ItemSpec]) -> list[Hit]:
    """The items that fit, best first. All words count; when no item has them all, any of them."""
    return among(asked, ((spec.code, _phrases(spec)) for spec in specs))


def among(asked: str, things: Iterable[tuple[str, Iterable[Phrase]]]) -> list[Hit]:
    """The same of whatever has a code and phrases by which it is known."""
    words = list(_words(plain(asked)))
    if not words:
        return []
    known = [(code, list(phrases)) for code, phrases in things]
    for forgiving in (False, True):
        for enough in (len(words), 1):
            hits = [hit for code, phrases in known if (hit := _hit(code, words, phrases, enough, forgiving))]
            if hits:
                return sorted(hits, key=lambda hit: -hit.score)
    return []


def _words(text: str) -> Iterator[str]:
    """Chinese runs as they stand, Latin words without the empty ones."""
    for part in text.split():
        yield from _HAN.findall(part)
        yield from (stem(word) for word in _LATIN.findall(part) if word not in _EMPTY)


def stem(word: str) -> str:
    """Without the endings that make no difference: hiring, hired and hires are one."""
    for ending in ("ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending) + ("y" if ending == "ies" else "")
    return word.removesuffix("e") if len(word) > 3 else word


def _phrases(spec: ItemSpec) -> Iterator[Phrase]:
    for word in spec.keywords:
        yield phrase(word, Where.WORD)
    for name in (spec.name.zh, spec.name.en):
        yield phrase(name, Where.NAME)
    for material in spec.materials:
        for name in (material.name.zh, material.name.en):
            yield phrase(name, Where.MATERIAL)


def phrase(text: str, where: Where) -> Phrase:
    """A text by which something is found."""
    bare = plain(text)
    return Phrase(text, where, bare, frozenset(_words(bare)))


def _hit(
    code: str, words: Sequence[str], phrases: Iterable[Phrase], enough: int, forgiving: bool
) -> Hit | None:
    """The item, when at least ``enough`` of the words are found in its phrases."""
    listed = list(phrases)
    best = [max(((_score(word, p, forgiving=forgiving), p) for p in listed), key=_first) for word in words]
    found = [(score, phrase) for score, phrase in best if score]
    if len(found) < enough:
        return None
    whole = frozenset(words)
    exact = next((p for p in listed if p.where is Where.WORD and p.words == whole), None)
    top = exact or max(found, key=_first)[1]
    return Hit(code, sum(score for score, _ in found) + (8 if exact else 0), top.text, top.where)


def _first(pair: tuple[int, Phrase]) -> int:
    return pair[0]


def _score(word: str, phrase: Phrase, *, forgiving: bool) -> int:
    weight = WEIGHT[phrase.where]
    if _HAN.fullmatch(word):
        if word == phrase.plain:
            return 2 * weight
        # An everyday word inside an unbroken sentence counts ("我想开餐厅"): nobody puts blanks into Chinese.
        inside = phrase.where is Where.WORD and len(phrase.plain) > 1 and phrase.plain in word
        if word in phrase.plain or inside:
            return weight + (min(len(phrase.plain), 3) if inside else 0)
        return weight if forgiving and phrase.where is not Where.MATERIAL and _nearly_in(phrase, word) else 0
    if word in phrase.words:
        return weight
    near = forgiving and any(_nearly(word, other) for other in phrase.words if not _HAN.fullmatch(other))
    return weight if near else 0


def _nearly_in(phrase: Phrase, sentence: str) -> bool:
    """One character of the phrase is another one, somewhere in the sentence."""
    size = len(phrase.plain)
    if size < 3 or not _HAN.fullmatch(phrase.plain):
        return False
    windows = (sentence[at : at + size] for at in range(len(sentence) - size + 1))
    return any(sum(a != b for a, b in zip(window, phrase.plain, strict=True)) == 1 for window in windows)


def _nearly(word: str, other: str) -> bool:
    """At most one letter wrong, missing, too much, or two changed over."""
    if len(word) < 4 or abs(len(word) - len(other)) > 1:
        return False
    short, long = sorted((word, other), key=len)
    if len(short) == len(long):
        off = [at for at in range(len(short)) if short[at] != long[at]]
        swapped = (
            len(off) == 2
            and off[1] == off[0] + 1
            and short[off[0]] + short[off[1]] == long[off[1]] + long[off[0]]
        )
        return len(off) <= 1 or swapped
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
