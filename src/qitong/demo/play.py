"""Play the demonstration once: the cast and each story in a transaction of its own, each marked.

A killed run leaves whole stories behind and the next run goes on with the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from qitong.accounts.models import Enterprise, User
from qitong.casework.indexing import rebuild
from qitong.casework.logic.clock import ZONE, day_of
from qitong.catalogue.calendar import current
from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.publish import load
from qitong.catalogue.queries import current_version
from qitong.demo.cast import COMPANIES, DIRECTOR, MAIL, OFFICERS, Cast, assemble, rota, welcome
from qitong.demo.factory import factory
from qitong.demo.figures import TAKES as FIGURES_TAKE
from qitong.demo.figures import figures_find_policies
from qitong.demo.history import TAKES, history
from qitong.demo.inbox import inbox
from qitong.demo.packages import service_packages
from qitong.demo.policies import policy_in_three_answers
from qitong.demo.stage import Stage
from qitong.demo.stories import licence_in_three_days, owner_away, reopened, request_across_departments
from qitong.insight.facts import recount
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.queries import timeline
from qitong.ledger.record import record
from qitong.policies import publish as policies
from qitong.policies.check import packaged as packaged_policies

PASSWORD = "Qitong-demo-2026"  # noqa: S105  printed on purpose; a production system refuses the demo
STREAM = "demo"
SINCE = 140
"""Working days before today on which the demonstration begins."""
ROTA_DAYS = 360


@dataclass(frozen=True, slots=True)
class Story:
    """``takes`` working days at most; 0 stands for the moment itself."""

    name: str
    play: Callable[[Stage], object]
    takes: int


STORIES = (
    Story("history", history, TAKES),
    Story("factory", factory, 21),
    Story("owner_away", owner_away, 24),
    Story("request_across_departments", request_across_departments, 12),
    Story("reopened", reopened, 9),
    Story("licence_in_three_days", licence_in_three_days, 4),
    Story("figures_find_policies", figures_find_policies, FIGURES_TAKE),
    Story("policy_in_three_answers", policy_in_three_answers, 1),
    Story("service_packages", service_packages, 1),
    Story("inbox", inbox, 0),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in to the demonstration, and as what."""

    login: str
    name: str
    roles: tuple[str, ...]
    place: str


def play(*, at: dt.datetime) -> list[str]:
    """Play what has not been played yet, as of ``at``; returns the names of what was.

    Refused in production (``production``), and where the catalogue came into force too late for
    stories that end today (``catalogue_too_young``).
    """
    if settings.PRODUCTION:
        raise Refused(
            say("演示数据含有公开的密码，不能在正式环境中导入。请使用开发环境或另建一个数据库。"),
            code="production",
        )
    played = [name for name, deed in _deeds(at) if _once(name, deed, at)]
    if played:
        # What is played of long ago is told to nobody; figures and search learn of it here.
        recount(at=at)
        for _ in rebuild(at=at):
            pass
    return played


def _deeds(at: dt.datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "cast", partial(_prepare, at)
    for story in STORIES:
        yield story.name, partial(_tell, story, at)


@transaction.atomic
def _once(name: str, deed: Callable[[], object], at: dt.datetime) -> bool:
    """Do it unless its mark is in the ledger; two runs at once follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('qitong.demo'))")
    if name in {entry.facts.get("story") for entry in timeline(STREAM, limit=100).entries}:
        return False
    deed()
    record(STREAM, "demo.played", by=DIRECTOR.ref, at=at, body={"story": name})
    return True


def _prepare(at: dt.datetime) -> None:
    """Catalogue and policies in force since the first story, the organisation, the people and the rota."""
    since = _morning(-SINCE, at)
    if current_version(day_of(since)) is None:
        _publish(since)
    policies.load(packaged_policies(), by=DIRECTOR, at=since)
    cast = assemble(at=since, password="", hashed=make_password(PASSWORD))
    first = day_of(since)
    for n in range(2):  # a rota is set for a year at most
        start = first + dt.timedelta(days=n * ROTA_DAYS)
        rota(cast, first=start, last=start + dt.timedelta(days=ROTA_DAYS - 1), at=since)


def _publish(since: dt.datetime) -> None:
    packaged, problems = check_path(PACKAGED)
    if packaged is None:
        raise Refused(say("事项目录有误：{problem}", problem=problems[0].message), code="catalogue")
    made = load(packaged, by=DIRECTOR, at=since)
    if made.effective_on > day_of(since):
        raise Refused(
            say(
                "事项目录自{day}起施行，早于此日的演示办件无从办理。请在空数据库中先导入演示数据，再发布目录。",
                day=made.effective_on,
            ),
            code="catalogue_too_young",
        )


def _morning(n: int, at: dt.datetime) -> dt.datetime:
    day = current().add(day_of(at), n)
    return dt.datetime.combine(day, dt.time(9, 30), ZONE)


def _tell(story: Story, at: dt.datetime) -> None:
    """On a stage whose story ends before today, or stands at this moment."""
    cast = known_cast()
    if len(cast.users) < len(OFFICERS) + len(COMPANIES):
        welcome(cast, at=_morning(-SINCE, at), hashed=make_password(PASSWORD))
    story.play(Stage(cast, _morning(-story.takes - 1, at) if story.takes else at))


def known_cast() -> Cast:
    """The cast as the database holds it."""
    mails = [f"{person.login}@{MAIL}" for person in OFFICERS]
    users = User.objects.filter(login__in=[*mails, *(company.login for company in COMPANIES)])
    codes = Enterprise.objects.filter(uscc__in=[company.uscc for company in COMPANIES])
    return Cast(
        {user.login.removesuffix(f"@{MAIL}"): user for user in users},
        {enterprise.uscc: enterprise for enterprise in codes},
    )


def accounts() -> list[Account]:
    """Everybody who may sign in, companies first."""
    companies = [Account(c.login, c.contact, ("enterprise",), c.name) for c in COMPANIES]
    officers = [
        Account(
            f"{p.login}@{MAIL}",
            p.name,
            tuple(role.value for role in (p.role, *p.also)),
            p.department or p.jurisdiction,
        )
        for p in OFFICERS
    ]
    return companies + officers
