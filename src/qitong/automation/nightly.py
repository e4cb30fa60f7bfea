"""Once a night: seal the ledger, read it whole, look whether search and figures are right,
clear away what is finished.

Due is what has not been finished since two o'clock (Asia/Shanghai), not what should start at two: a
night without a worker is made up for as soon as one runs.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from procrastinate import sql
from procrastinate.contrib.django import app

from qitong.accounts import allowances, links, login_codes, sessions
from qitong.accounts.actors import Actor
from qitong.automation import stuck
from qitong.automation.models import NightlyRun
from qitong.casework.indexing import rebuild
from qitong.casework.logic.clock import ZONE
from qitong.casework.queries import expected_streams
from qitong.insight import exports
from qitong.insight.facts import recount
from qitong.ledger.checkpoint import checkpoint
from qitong.ledger.verify import verify
from qitong.policies import keeping_up, peers
from qitong.privacy import retention

FROM_HOUR = 2
KEEP_DONE_HOURS = 48
KEEP_FAILED_HOURS = 24 * 90
BY = "system:nightly"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """``found``: how many things were not as they should be."""

    well: bool
    detail: str
    found: int = 0


def take_checkpoint(*, at: dt.datetime) -> Result:
    """All stream heads under one root; the root belongs also somewhere outside this database."""
    taken = checkpoint(by=BY, at=at)
    return Result(True, f"checkpoint {taken.number}, root {taken.root}")


def verify_ledger(*, at: dt.datetime) -> Result:
    """Every entry read and recomputed; a case without its stream is a break too."""
    verdict = verify(expected=expected_streams())
    if verdict.first is None:
        return Result(True, f"{verdict.streams} streams, {verdict.entries} entries")
    place = f"{verdict.first.stream or 'checkpoint'} {verdict.first.number}"
    return Result(False, f"{place}: {verdict.first.kind}", 1)


def check_search(*, at: dt.datetime) -> Result:
    """The words of every case read again: what search had not right is right now, and is said."""
    for done in list(rebuild(at=at))[-1:]:
        return Result(
            done.wrong == 0, f"{done.cases} cases, {done.wrong} were not as search had them", done.wrong
        )
    return Result(True, "no cases")


def delete_old_jobs(*, at: dt.datetime) -> Result:
    """Jobs are means, not records: what happened is in the ledger. Failed ones stay to be looked at."""
    for hours, statuses in (
        (KEEP_DONE_HOURS, ["succeeded"]),
        (KEEP_FAILED_HOURS, ["failed", "cancelled", "aborted"]),
    ):
        app.connector.get_sync_connector().execute_query(
            sql.queries["delete_old_jobs"], nb_hours=hours, queue=None, statuses=statuses
        )
    stuck.forget_what_is_gone()
    return Result(True, f"done jobs kept for {KEEP_DONE_HOURS} hours")


def delete_old_codes(*, at: dt.datetime) -> Result:
    """Login codes of the day before, sessions that have ended, counts of what was asked long ago."""
    count = login_codes.clear(at=at)
    sessions.clear(at=at)
    allowances.clear(at=at)
    links.clear(at=at)
    return Result(True, f"{count} old login codes")


def recount_figures(*, at: dt.datetime) -> Result:
    """Every case measured and added up again; what differed is mended, and said."""
    found = recount(at=at)
    if not found:
        return Result(True, "all figures equal a recount")
    cases = ", ".join(map(str, found.cases[:10]))
    said = f"{len(found.cases)} cases ({cases}) and {found.sums} sums differed, now mended"
    return Result(False, said, len(found.cases) + found.sums)


def delete_old_exports(*, at: dt.datetime) -> Result:
    """Tables that were taken out lie for a week and no longer."""
    gone = exports.clean(by=Actor.system("nightly"), at=at)
    return Result(True, f"{gone} exports deleted")


def keep_no_longer(*, at: dt.datetime) -> Result:
    """What personal data has been kept as long as it may be."""
    taken = retention.sweep(by=Actor.system("retention"), at=at)
    return Result(True, ", ".join(f"{count} {kind}" for kind, count in taken.items()))


def count_peers(*, at: dt.datetime) -> Result:
    """How many companies alike use which item, for their service packages."""
    return Result(True, f"{peers.count(at=at)} companies counted")


def propose_packages(*, at: dt.datetime) -> Result:
    """Service packages that speak for themselves, for officers to look at; none stays with who has left."""
    by = Actor.system("packages")
    given = keeping_up.give_on(by=by, at=at)
    made = keeping_up.propose_due(by=by, at=at)
    return Result(True, f"{made} packages proposed, {given} given to another officer")


NIGHTLY: tuple[tuple[str, Callable[..., Result]], ...] = (
    ("checkpoint", take_checkpoint),
    ("verify", verify_ledger),
    ("search", check_search),
    ("figures", recount_figures),
    ("old_jobs", delete_old_jobs),
    ("old_exports", delete_old_exports),
    ("old_codes", delete_old_codes),
    ("peers", count_peers),
    ("packages", propose_packages),
    ("retention", keep_no_longer),
)


def night_of(at: dt.datetime) -> dt.date:
    """The day whose two o'clock was last (Asia/Shanghai)."""
    return (at.astimezone(ZONE) - dt.timedelta(hours=FROM_HOUR)).date()


def run_due(*, at: dt.datetime) -> None:
    """Do what this night has not finished yet. What raises is kept unfinished and tried at the next tick."""
    day = night_of(at)
    finished = NightlyRun.objects.filter(day=day, finished_at__isnull=False)
    done = set(finished.values_list("name", flat=True))
    for name, work in NIGHTLY:
        if name not in done:
            _run(name, work, day, at)


def _run(name: str, work: Callable[..., Result], day: dt.date, at: dt.datetime) -> None:
    run, _ = NightlyRun.objects.update_or_create(name=name, day=day, defaults={"started_at": at})
    mine = NightlyRun.objects.filter(pk=run.pk)
    try:
        result = work(at=at)
    except Exception as error:
        mine.update(detail=f"{type(error).__name__}: {error}")
        raise
    mine.update(finished_at=at, well=result.well, detail=result.detail, found=result.found)
    if not result.well:
        logger.error("nightly %s: %s", name, result.detail)
