"""Search at 10,000, 100,000 or 1,000,000 cases: ``python bench/search.py [--cases N] [--json]``.

Measured on an embedded database of its own (``var/bench-search``), filled by ``COPY`` the first time: what
one search costs, from the words to the ids of the newest hits and their exact number, the page's rows not
included. Every answer is compared with a plain look at every text.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import secrets
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QITONG_DATA", str(Path(__file__).parent.parent / "var" / "bench-search"))
sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "src")]

if TYPE_CHECKING:
    from qitong.accounts.actors import Actor

ROUNDS = 9
PROMISED_MS = 60
START = dt.datetime(2026, 3, 3, 1, 30, tzinfo=dt.UTC)

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
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

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


def invented(rng: random.Random, count: int) -> list[tuple[str, str]]:
    """Companies: name and credit code."""
    found = []
    for n in range(count):
        name = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
        found.append((f"{rng.choice(PLACES)}{name}{rng.choice(TRADES)}有限公司", f"9131{n:014d}"))
    return found


def load(cases: int) -> None:
    """Fill the empty database: the demo's organisation and catalogue, then companies, cases and tasks."""
    from django.db import connection, transaction

    from qitong.accounts.actors import Actor
    from qitong.casework.indexing import index_items
    from qitong.catalogue.check import PACKAGED, check_path
    from qitong.catalogue.models import ItemVersion
    from qitong.catalogue.publish import load as publish
    from qitong.demo.cast import assemble

    packaged, problems = check_path(PACKAGED)
    if packaged is None:
        raise SystemExit(f"the packaged catalogue is not well: {problems}")
    publish(packaged, by=Actor.system("bench"), at=START)
    assemble(at=START, password=secrets.token_urlsafe(20) + "aA1")
    index_items(ItemVersion.objects.values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        # Our own rows, made in order: no foreign key has to be looked up.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute("DROP INDEX casework_casetext_words")
        Loader(cases).fill(cursor)
        begun = time.perf_counter()
        cursor.execute(
            "CREATE INDEX casework_casetext_words ON casework_casetext"
            " USING gin (casework_grams(folded), tags) WITH (gin_pending_list_limit = 512);"
            "ALTER INDEX casework_casetext_words ALTER COLUMN 1 SET STATISTICS 0"
        )
        sys.stderr.write(f"index built in {time.perf_counter() - begun:.0f} s\n")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


class Loader:
    """Rows for COPY, the same for the same number of cases."""

    def __init__(self, cases: int) -> None:
        from qitong.accounts.models import Department, User
        from qitong.accounts.places import chains
        from qitong.catalogue.models import ItemVersion

        self.cases = cases
        self.rng = random.Random(2026)  # noqa: S311  rows to measure with, not secrets
        self.companies = invented(self.rng, max(100, cases // 5))
        self.departments = dict(Department.objects.values_list("code", "pk"))
        self.window = Department.objects.filter(is_window=True).earliest("pk")
        self.items = list(ItemVersion.objects.all())
        self.owners = list(User.objects.order_by("pk"))[:8]
        self.park = self.window.jurisdiction_id
        self.places = chains()[self.park]

    def fill(self, cursor: Any) -> None:
        self._copy(cursor, "accounts_enterprise", ENTERPRISE, self._enterprises())
        with cursor.copy("COPY casework_casetext (case_id, sources, folded, tags) FROM STDIN") as words:
            self.words = words
            self.tasks: list[tuple[Any, ...]] = []
            rows = list(self._case_rows())
        self._copy(cursor, "casework_case", CASE, rows)
        self._copy(cursor, "casework_task", TASK, self.tasks)
        for table in ("accounts_enterprise", "casework_case", "casework_task"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608  a name cannot be a parameter; these three stand in the line above

    @staticmethod
    def _copy(cursor: Any, table: str, columns: str, rows: Any) -> None:
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _enterprises(self) -> Iterator[tuple[Any, ...]]:
        for n, (name, uscc) in enumerate(self.companies):
            phone = f"021{self.rng.randrange(10**8):08d}"
            yield (1000 + n, uscc, name, self.park, "法人", "园区一路1号", "", phone, START)

    def _case_rows(self) -> Iterator[tuple[Any, ...]]:
        from qitong.casework.indexing import Words
        from qitong.casework.logic import tags
        from qitong.casework.logic.finding import Source

        rng = self.rng
        for pk in range(1000, 1000 + self.cases):
            n = rng.randrange(len(self.companies))
            company, uscc = self.companies[n]
            letters = "".join(rng.choice(LETTERS) for _ in range(8))
            number = f"QT26-{letters[:4]}-{letters[4:]}"
            contact = rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)
            phone = f"13{rng.randrange(10**9):09d}"
            owner = rng.choice(self.owners)
            item = rng.choice(self.items) if rng.random() < 0.7 else None
            title = item.name_zh if item else rng.choice(TROUBLES)
            plea = "" if item else f"{title}，{rng.choice(PLEAS)}，{rng.choice(PLEAS)}。"
            words = Words()
            words.add(Source.NUMBER, number)
            if item is None:
                words.add(Source.TITLE, title)
            words.add(Source.DESCRIPTION, plea)
            words.add(Source.COMPANY, company)
            words.add(Source.USCC, uscc)
            words.add(Source.CONTACT, contact)
            words.add(Source.PHONE, phone)
            words.add(Source.OWNER, owner.name)
            words.tags |= {tags.company(1000 + n), tags.person(owner.pk)}
            words.tags |= {tags.department(self.window.pk), *map(tags.place, self.places)}
            if item:
                words.tags.add(tags.item(item.pk))
            for code in [item.lead, *item.co][:3] if item else ():
                if code in self.departments:
                    self._task(pk, code, words)
            self.words.write_row(
                (pk, json.dumps(words.sources, ensure_ascii=False), words.folded, tags.kept(words.tags))
            )
            form = json.dumps({"contact_name": contact, "contact_phone": phone, "description": plea})
            yield (
                *(pk, number, "application" if item else "request", "submitted", 1, 1000 + n),
                *(item.pk if item else None, title, form, "", START, owner.pk, START, START.date()),
                *(self.window.pk, owner.pk, "", START.date(), START.date(), False, 0, "", "", "", "", ""),
            )

    def _task(self, case: int, code: str, words: Any) -> None:
        from qitong.casework.logic import tags
        from qitong.casework.logic.finding import Source

        opinion = self.rng.choice(OPINIONS) if self.rng.random() < 0.5 else ""
        department = self.departments[code]
        words.tags.add(tags.department(department))
        words.add(Source.OPINION, opinion)
        self.tasks.append(
            (len(self.tasks) + 1, case, 1, f"{code}-{len(self.tasks)}", "review", "审查", "Review", "",
             department, "waiting", "{}", 1, 5, "", opinion, "", "")
        )  # fmt: skip


ENTERPRISE = (
    "id, uscc, name, jurisdiction_id, legal_representative, address, industry_code, phone, registered_at"
)
CASE = (
    "id, number, kind, state, round, enterprise_id, item_version_id, title, form, fingerprint, created_at,"
    " created_by_id, submitted_at, received_on, window_id, owner_id, owner_reason, contact_due_on,"
    " plan_due_on, promise_provisional, extension_days, promise_unit, correction_notice,"
    " refusal_reason, refusal_grounds, ended_reason"
)
TASK = (
    "id, case_id, round, key, kind, name_zh, name_en, ask, department_id, state, after, level, days, outcome,"
    " opinion, return_reason, drop_reason"
)


def actors() -> dict[str, Actor]:
    """Those who search: they see everything, one department's cases, or those of one company."""
    from qitong.accounts.actors import Actor, actor_for
    from qitong.accounts.models import User

    found = {
        name: actor_for(User.objects.get(login__startswith=f"{name}@"), on=START.date())
        for name in ("wang.fang", "zhou.jun", "fgw.reviewer")
    }
    company = Actor(ref="user:0", user_id=0, name="", enterprise_ids=frozenset({1000}))
    return {
        "window": found["wang.fang"],
        "leader": found["zhou.jun"],
        "department": found["fgw.reviewer"],
        "company": company,
    }


def measure() -> list[dict[str, Any]]:
    """Each word for each who searches: milliseconds, hits, and whether they are the right ones."""
    from qitong.casework import finding
    from qitong.casework.logic.finding import ask
    from qitong.casework.models import Case

    some = Case.objects.select_related("enterprise").order_by("pk")[Case.objects.count() // 3]
    known = {"number": some.number, "phone": some.form["contact_phone"][-8:], "company": some.enterprise.name}
    results = []
    for who, actor in actors().items():
        for name, text in WORDS.items():
            asked, times = ask(text.format(**known)), []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                hits = finding.find(actor, asked)
                times.append((time.perf_counter() - begun) * 1000)
            results.append(
                {
                    "who": who,
                    "words": name,
                    "hits": hits.count,
                    "median_ms": round(statistics.median(times), 1),
                    "slowest_ms": round(max(times), 1),
                    "right": hits.ids == plainly(actor, asked.words)[: finding.MOST],
                }
            )
    return results


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


def print_table(results: list[dict[str, Any]], cases: int) -> None:
    sys.stdout.write(f"{cases:,} cases, median of {ROUNDS}\n")
    for r in results:
        wrong = "" if r["right"] else "  WRONG"
        times = f"{r['median_ms']:>9} ms{r['slowest_ms']:>9} ms"
        sys.stdout.write(f"{r['who']:<12}{r['words']:<18}{r['hits']:>8}{times}{wrong}\n")


def main() -> int:
    """Load if need be, measure, compare, print; 1 when an answer was wrong or the promise was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    from qitong.cli import use_django

    use_django()
    from django.core.management import call_command

    from qitong.casework.models import CaseText

    call_command("migrate", verbosity=0, interactive=False)
    if not CaseText.objects.exists():
        begun = time.perf_counter()
        load(options.cases)
        sys.stderr.write(f"loaded in {time.perf_counter() - begun:.0f} s\n")
    results = measure()
    if options.json:
        sys.stdout.write(
            json.dumps({"cases": CaseText.objects.count(), "search": results}, ensure_ascii=False)
        )
    else:
        print_table(results, CaseText.objects.count())
    wrong = any(not r["right"] for r in results)
    return int(wrong or statistics.median(r["median_ms"] for r in results) > PROMISED_MS)


if __name__ == "__main__":
    raise SystemExit(main())
