"""What is not as it should be behind the pages. Whether a worker lives is the server's to ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qitong.automation.models import NightlyRun
from qitong.automation.nightly import NIGHTLY, night_of
from qitong.automation.stuck import LATE, failed
from qitong.datashare.models import Document, Scan
from qitong.kernel.words import Sentence, say
from qitong.notifications.models import WAITING, Delivery, State


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is stable, for machines; ``sentence`` says what is wrong and who looks at what."""

    code: str
    sentence: Sentence


def problems(*, at: dt.datetime) -> list[Problem]:
    """Everything that wants somebody's attention; empty when all is well. A handful of small queries."""
    checks: tuple[Callable[[dt.datetime], Iterator[Problem]], ...] = (nights, _messages, _scans, _jobs)
    return [problem for check in checks for problem in check(at)]


def nights(at: dt.datetime) -> Iterator[Problem]:
    """The last result of each; a night that nothing was finished in the day before is too long ago."""
    known = [name for name, _ in NIGHTLY]
    finished = NightlyRun.objects.filter(name__in=known, finished_at__isnull=False)
    last = {run.name: run for run in finished.order_by("name", "-day").distinct("name")}
    for name in known:
        done = last.get(name)
        if done is not None and not done.well:
            yield Problem(
                f"nightly_{name}",
                say(
                    "夜间任务“{name}”在{day}发现问题：{detail}。请系统管理员核查。",
                    name=name,
                    day=done.day,
                    detail=done.detail,
                ),
            )
        elif done is not None and done.day < night_of(at) - dt.timedelta(days=1):
            yield Problem(
                f"nightly_{name}_late",
                say(
                    "夜间任务“{name}”自{day}以来没有完成。请系统管理员检查后台进程。", name=name, day=done.day
                ),
            )


def _messages(at: dt.datetime) -> Iterator[Problem]:
    if dead := Delivery.objects.filter(state=State.DEAD).count():
        yield Problem(
            "messages_dead", say("有{count}条消息多次发送失败，已停止发送。请检查消息渠道。", count=dead)
        )
    waiting = Delivery.objects.filter(state__in=WAITING, next_attempt_at__lt=at - LATE).count()
    if waiting:
        yield Problem(
            "messages_late", say("有{count}条消息等待发送超过半小时。请检查后台进程。", count=waiting)
        )


def _scans(at: dt.datetime) -> Iterator[Problem]:
    late = Document.objects.filter(scan=Scan.PENDING, uploaded_at__lt=at - LATE).count()
    if late:
        yield Problem("scans_late", say("有{count}份文件等待查毒超过半小时。请检查查毒服务。", count=late))


def _jobs(at: dt.datetime) -> Iterator[Problem]:
    if count := failed().count():
        yield Problem(
            "jobs_failed",
            say("有{count}项后台任务失败。请系统管理员在“运行”页面查看原因后重试。", count=count),
        )
