"""Who brings the copies of a case, and with what words: the same for the same seed, a chunk at a time.

No Django here: the processes that write the copies make the rows they need themselves.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bench.measure import seeded
from qitong.casework.logic.intake import NUMBER_ALPHABET, fingerprint

CHUNK = 1000
LATE_MS = 30 * 60 * 1000
"""Copies follow each other within half an hour: no two at quite the same moment."""
_ROOM = 2**40  # numbers of eight letters

PLACES = ("上海", "临港", "杭州", "苏州", "宁波", "南京", "合肥", "武汉")
SYLLABLES = "绿能新海潮汐远航启明博华星宇天工云帆中科瑞祥金石万象康达鼎盛汇通永安嘉禾卓越联创领先精诚光耀"
TRADES = (
    "新材料",
    "生物医药",
    "智能装备",
    "半导体",
    "食品",
    "物流",
    "软件",
    "汽车零部件",
    "环保科技",
    "贸易",
)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
TROUBLES = (
    "门口道路积水",
    "用电容量不足",
    "员工子女入学",
    "厂房消防验收",
    "环评批复进度",
    "招工困难",
    "融资贷款",
    "租金减免",
)
PLEAS = ("请尽快协调有关部门现场查看", "希望能在月底前解决", "已影响正常生产经营", "附近几家企业也有同样情况")
OPINIONS = (
    "符合要求，同意",
    "材料齐全，经现场核查符合规定",
    "建议补充监测数据后同意",
    "符合园区规划，同意建设",
)


class Company(NamedTuple):
    id: int
    name: str
    uscc: str
    phone: str


class Copy(NamedTuple):
    """One case to be: which prototype it copies, and what is its own. ``late`` in milliseconds."""

    id: int
    prototype: int
    company: Company
    number: str
    contact: str
    phone: str
    owner: int
    owner_name: str
    title: str
    description: str
    opinion: str
    fingerprint: str
    late: int


@dataclass(frozen=True)
class Crowd:
    """``shares`` says how often each prototype (by primary key) is copied; ``items`` the code of its item."""

    seed: int
    first_case: int
    first_company: int
    shares: Mapping[int, int]
    items: Mapping[int, str]
    owners: Sequence[tuple[int, str]]
    year: int

    @property
    def cases(self) -> int:
        return sum(self.shares.values())

    @property
    def chunks(self) -> int:
        return -(-self.cases // CHUNK)

    @cached_property
    def companies(self) -> list[Company]:
        rng, made = seeded(self.seed), []
        for n in range(max(20, self.cases // 5)):
            name = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
            full = f"{rng.choice(PLACES)}{name}{rng.choice(TRADES)}有限公司"
            phone = f"021{rng.randrange(10**8):08d}"
            made.append(Company(self.first_company + n, full, f"9131{n:014d}", phone))
        return made

    @cached_property
    def order(self) -> list[int]:
        """The prototype of each copy: as often as ``shares`` says, in no order."""
        found = [pk for pk, count in sorted(self.shares.items()) for _ in range(count)]
        seeded(self.seed + 1).shuffle(found)
        return found

    def chunk(self, n: int) -> Iterator[Copy]:
        rng = seeded(f"{self.seed}:{n}")
        for i in range(n * CHUNK, min((n + 1) * CHUNK, self.cases)):
            yield self._copy(i, rng)

    def _copy(self, i: int, rng: random.Random) -> Copy:
        company = self.companies[rng.randrange(len(self.companies))]
        owner, owner_name = self.owners[rng.randrange(len(self.owners))]
        prototype = self.order[i]
        trouble = rng.choice(TROUBLES)
        description = f"{trouble}，{rng.choice(PLEAS)}，{rng.choice(PLEAS)}。"
        title = f"{trouble}（{i % 97 + 1}）"
        item = self.items.get(prototype, "")
        said = ("", "") if item else (title, description)
        return Copy(
            id=self.first_case + i,
            prototype=prototype,
            company=company,
            number=self._number(i),
            contact=rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN),
            phone=f"13{rng.randrange(10**9):09d}",
            owner=owner,
            owner_name=owner_name,
            title=title,
            description=description,
            opinion=rng.choice(OPINIONS),
            fingerprint=fingerprint(company.id, item, *said),
            late=i * 7919 % LATE_MS,
        )

    def _number(self, i: int) -> str:
        """Scattered like those that are drawn, and never the same twice (an odd factor permutes)."""
        n = (i * 6364136223846793005 + self.seed * 2 + 1) % _ROOM
        letters = "".join(NUMBER_ALPHABET[n >> 5 * place & 31] for place in range(8))
        return f"QT{self.year % 100:02d}-{letters[:4]}-{letters[4:]}"


def shared_out(cases: int, weights: Mapping[int, float]) -> dict[int, int]:
    """``cases`` among the prototypes by their weights; exactly so many together."""
    whole, left = sum(weights.values()), cases
    found = {}
    for pk, weight in sorted(weights.items()):
        found[pk] = round(left * weight / whole) if whole else 0
        left, whole = left - found[pk], whole - weight
    return found
