"""Search, from the words to the ids of the newest hits and their exact number: ``python -m bench.search``.

Rare words and common ones, for each who searches. Every answer is compared with a plain look at every text.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.measure import Line, line, main, taken

if TYPE_CHECKING:
    from qitong.accounts.actors import Actor

ROUNDS = 9
MOST_MS = 60
WORDS = {
    # name: what is looked for; from one hit to every case
    "one number": "{number}",
    "one phone": "{phone}",
    "one company": "{company}",
    "rare phrase": '"监测数据后同意" 潮汐',
    "rare, two words": "临港 半导体 积水",
    "middling word": "员工子女",
    "common word": "贷款",
    "everywhere": "有限公司",
    "item": "节能审查",
    "one character": "潮",
    "one letter": "q",
    "nowhere": "不存在的词语",
}


def actors() -> dict[str, Actor]:
    """Those who search: they see everything, one department's cases, or those of one company."""
    from qitong.accounts.actors import Actor, actor_for
    from qitong.accounts.models import User
    from qitong.casework.models import Case
    from qitong.web.common.dates import today

    found = {
        name: actor_for(User.objects.get(login=f"{login}@qitong.example"), on=today())
        for name, login in {"window": "wang.fang", "leader": "zhou.jun", "department": "sw.reviewer"}.items()
    }
    company = Case.objects.order_by("-pk").values_list("enterprise_id", flat=True)[0]
    return {**found, "company": Actor(ref="user:0", user_id=0, name="", enterprise_ids=frozenset({company}))}


def measure(cases: int) -> list[Line]:
    from qitong.casework import finding
    from qitong.casework.logic.finding import ask
    from qitong.casework.models import Case

    some = Case.objects.select_related("enterprise").filter(state="closed")[cases // 3]
    known = {"number": some.number, "phone": some.form["contact_phone"][-8:], "company": some.enterprise.name}
    lines, medians, wrong = [], [], 0
    for name, text in WORDS.items():
        asked = ask(text.format(**known))
        slowest: list[Line] = []
        for who, actor in actors().items():
            found = taken([partial(finding.find, actor, asked)] * ROUNDS, warm=0)
            hits = finding.find(actor, asked)
            wrong += hits.ids != plainly(actor, asked.words)[: finding.MOST]
            slowest.append(
                found.line(f"search: {name} (slowest: by {who})", cases, note=f"{hits.count} hits")
            )
            medians.append(slowest[-1].median)
        lines.append(max(slowest, key=lambda one: one.median))
    whole = line("search, every word by everybody", cases, medians, "ms", most=MOST_MS)
    return [*lines, whole, line("search, answers that were wrong", cases, [wrong], "answers", most=0)]


def plainly(actor: Actor, words: tuple[str, ...]) -> list[int]:
    """The newest hits by looking at every text of every visible case."""
    from django.db.models import Q

    from qitong.casework import finding, queries
    from qitong.casework.models import ItemText

    cases = queries.visible(actor).exclude(submitted_at=None)
    for word in words:
        items = ItemText.objects.filter(folded__contains=word).values("pk")
        cases = cases.filter(Q(words__folded__contains=word) | Q(item_version__in=items))
    return list(cases.order_by("-pk").values_list("pk", flat=True)[: finding.MOST + 1])


if __name__ == "__main__":
    main(measure)
