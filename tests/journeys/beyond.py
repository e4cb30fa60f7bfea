"""What no link leads to: pages after something was sent, refusals, empty pages, shut doors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from django.template.loader import render_to_string
from playwright.sync_api import Route, expect

from qitong.accounts import links
from qitong.accounts.company import invite
from qitong.accounts.links import LinkPurpose
from qitong.accounts.models import Enterprise, User
from qitong.casework.logic.filters import Filter
from qitong.casework.logic.flow import CaseState, TaskState
from qitong.casework.models import Case, Supplement, Task
from qitong.demo.play import PASSWORD, known_cast
from qitong.demo.stage import Stage
from qitong.demo.stories import FARM, FARM_CLERK, GREEN, GREEN_CLERK, TIDE_CLERK
from qitong.insight import exports
from qitong.insight.export_rows import Export
from qitong.kernel.words import say
from qitong.web.common.dates import now
from tests.journeys.conftest import registration_code
from tests.journeys.policy_scenes import EDITOR, policies, service_packages
from tests.journeys.proofs import second_proof, sent_too_late
from tests.journeys.tour import Tour, Tours

OFFICER, HEAD, LEADER = "wang.fang@qitong.example", "sun.lei@qitong.example", "zhou.jun@qitong.example"
QUIET = "dw.head@qitong.example"
CLERK = "13900000009"
FAILURES = ("400", "409", "429", "500", "503")
LATER, ITEM = "model_file", "construction_planning_permit"


@dataclass(frozen=True, slots=True)
class Set:
    """What the demonstration leaves out: a paper that may follow later, one that does, nothing missing."""

    draft: Case
    owed: Case
    ready: Case
    until: dt.date


def prepare() -> Set:
    stage = Stage(known_cast(), now())
    owed = stage.apply(GREEN, ITEM, GREEN_CLERK, leave=frozenset({LATER}))
    stage.commit(owed, GREEN_CLERK, [LATER], within=2)
    owed = stage.accept(stage.submit(owed, GREEN_CLERK))
    ready = stage.apply(GREEN, "seal_filing", GREEN_CLERK)
    draft = stage.apply(GREEN, ITEM, GREEN_CLERK, leave=frozenset({LATER}))
    for uscc, clerk in ((GREEN, GREEN_CLERK), (FARM, FARM_CLERK)):
        held = Enterprise.objects.get(uscc=uscc)
        invite(enterprise=held, login=CLERK, name="周办", by=stage.who(clerk), at=stage.tick())
    return Set(draft, owed, ready, stage.working_day(2))


def everything_else(tours: Tours) -> None:
    """Every scene, each by people of its own; where one stumbles the others go on."""
    made = prepare()
    scenes: tuple[Callable[[], None], ...] = (
        lambda: visitor(tours.of(), made),
        lambda: failures(tours.of()),
        lambda: new_company(tours.of()),
        lambda: company(tours.of(GREEN_CLERK), made),
        lambda: other_companies(tours),
        lambda: account(tours.of(CLERK)),
        lambda: second_proof(tours),
        lambda: sent_too_late(tours.of(TIDE_CLERK)),
        lambda: officer(tours.of(OFFICER)),
        lambda: case_pages(tours),
        lambda: taking_out(tours.of(OFFICER)),
        lambda: desks(tours),
        lambda: policies(tours.of(EDITOR)),
        lambda: service_packages(tours, HEAD, QUIET),
        lambda: leader(tours.of(LEADER), tours.of()),
        lambda: quiet_department(tours.of(QUIET)),
    )
    for scene in scenes:
        tours.play(scene)


def visitor(tour: Tour, made: Set) -> None:
    tour.go("/nothing-here", "404", status=404)
    tour.go("/my/cases")
    tour.send_empty()
    tour.page.locator("[name=login]").fill(GREEN_CLERK)
    tour.press("获取验证码")
    tour.look()
    tour.send_empty()
    tour.go("/items?q=" + quote("没有这样的事项"), "empty")
    tour.go("/progress?number=", "refused", status=422)
    tour.go("/p/QT26-AAAA-BBBB", "unknown", status=404)
    tour.go(f"/p/{made.owed.number}")
    tour.go("/wall/nothing", "unknown", status=404)
    tour.go("/mail/off/nothing", "unknown", status=404)
    subject = f"{User.objects.get(login=GREEN_CLERK).pk} reminder 0"
    link = links.make(purpose=LinkPurpose.MAIL_OFF, subject=subject, until=now() + dt.timedelta(days=1))
    tour.go(f"/mail/off/{link}")
    tour.press("停发这类邮件")
    tour.look("done")
    tour.go("/login")
    tour.page.locator("main [name=csrfmiddlewaretoken]").first.evaluate("it => { it.value = 'x'; }")
    tour.page.locator("[name=login]").fill(GREEN_CLERK)
    tour.page.locator("[name=password]").fill("old-token")
    with tour.page.expect_navigation():
        tour.page.locator("[name=password]").press("Enter")
    tour.look("csrf")
    tour.go("/offline")


def failures(tour: Tour) -> None:
    """Pages that nothing here can cause, as the server would send them."""
    for status in FAILURES:
        tour.page.route("**/items", _sending(status))
        tour.go("/items", status, status=int(status))
        tour.page.unroute("**/items")


def _sending(status: str) -> Callable[[Route], None]:
    body = render_to_string(f"{status}.html")

    def answer(route: Route) -> None:
        route.fulfill(status=int(status), body=body, content_type="text/html; charset=utf-8")

    return answer


def new_company(tour: Tour) -> None:
    """Of a company that has just registered, every list is empty."""
    tour.go("/register")
    tour.send_empty()
    page = tour.page
    given = {
        "uscc": "91110000600037341L",
        "name": "芦荡食品有限公司",
        "legal_representative": "陈潮",
        "address": "芦荡路1号",
        "contact_name": "陈潮",
        "phone": "13800000077",
        "password": "Reed-bed-2026",
    }
    for name, value in given.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=jurisdiction]").select_option(index=1)
    tour.press("注册")
    tour.send_empty()
    page.locator("[name=code]").fill(registration_code("13800000077"))
    tour.press("完成注册")
    expect(page.locator(".account .who")).to_be_visible()
    for address in ("my", "my/cases", "my/drafts", "my/projects", "my/consents", "messages", "my/calendar"):
        tour.go(f"/{address}", "empty")
    tour.go("/my/cases?q=" + quote("没有"), "nothing-found")
    tour.go("/desk", "wrong-door", status=403)
    tour.go("/dashboard", "wrong-door", status=403)


def company(tour: Tour, made: Set) -> None:
    draft, owed = f"/my/drafts/{made.draft.pk}", f"/my/cases/{made.owed.number}"
    for address in ("/my/tell", "/my/projects/new"):
        tour.go(address)
        tour.send_empty()
    tour.go(f"{draft}/deferral")
    tour.go(f"{draft}/deferral?keys={LATER}&ask=day", "day")
    tour.go(f"{draft}/deferral?keys={LATER}&due_on={made.until}", "letter")
    tour.send_empty("main form[method=post]:has([name=signer_name])")
    tour.go(f"{draft}/materials/{LATER}")
    tour.send_empty("main form[enctype]:visible")
    tour.go(f"{draft}/check", "missing")
    tour.go(f"/my/drafts/{made.ready.pk}/check")
    tour.press("提交")
    tour.look("sent")
    tour.go(f"{owed}/materials/{LATER}")
    tour.send_empty()
    tour.go(f"{owed}/withdraw")
    tour.send_empty()
    tour.go(f"{owed}/notes")
    tour.go(owed, "owed", opened=True)
    held = Enterprise.objects.get(uscc=GREEN)
    for address in ("contact", "members/new"):
        tour.go(f"/my/company/{held.pk}/{address}")
        tour.send_empty()
    policies = f"/my/policies/{held.pk}"
    tour.go(policies, opened=True)
    tour.go(f"{policies}/coming", opened=True)
    tour.go(f"{policies}/next")
    tour.go(f"{policies}/share")
    tour.send_empty()
    for name in ("is_hi_tech", "employees", "registered_on"):
        tour.go(f"{policies}/facts/{name}", name)
    tour.go(f"{policies}/hi_tech_enterprise/unsuitable")
    tour.send_empty()
    tour.go(f"{policies}/little_giant_2022", "superseded")
    member = held.memberships.get(user__login=CLERK)
    tour.go(f"/my/company/{held.pk}/members/{member.pk}")


def other_companies(tours: Tours) -> None:
    farm, tide = tours.of(FARM_CLERK), tours.of(TIDE_CLERK)
    delivered = Case.objects.filter(enterprise__uscc=FARM, state=CaseState.DELIVERED).latest("pk")
    farm.go(f"/my/cases/{delivered.number}", "delivered", opened=True)
    farm.go(f"/my/cases/{delivered.number}/reopen")
    farm.send_empty()
    correction = Case.objects.filter(enterprise__uscc=FARM, state=CaseState.CORRECTION).latest("pk")
    farm.go(f"/my/cases/{correction.number}", "correction", opened=True)
    farm.go(f"/my/drafts/{correction.pk}/check", "correction")
    asked = Supplement.objects.filter(answered_at=None).latest("pk")
    where = f"/my/cases/{asked.case.number}"
    tide.go(where, "asked", opened=True)
    tide.go(f"{where}/supplements/{asked.pk}")
    tide.send_empty()
    project = asked.case.enterprise.projects.latest("pk")
    for address in ("", "/facts"):
        tide.go(f"/my/projects/{project.pk}{address}", opened=True)


def account(tour: Tour) -> None:
    """A clerk of two companies, who manages nobody."""
    tour.go("/my/company")
    tour.go("/my/policies")
    tour.go("/my/policies/coming")
    tour.go("/my/package")
    held = Enterprise.objects.get(uscc=GREEN)
    tour.go(f"/my/company/{held.pk}/members/new", "not-allowed")
    for address in ("name", "address"):
        tour.go(f"/account/{address}")
        tour.send_empty()
    tour.go("/account/password", "none-yet")
    tour.press("获取验证码")
    tour.look()
    tour.send_empty()
    tour.go("/account/address")
    tour.page.locator("main [type=text], main [name=address]").first.fill("13911112222")
    if tour.page.locator("main [name=current]").count():  # who has no password is not asked for it
        tour.page.locator("main [name=current]").fill(PASSWORD)
    tour.press("获取验证码")
    tour.look()
    tour.send_empty()


def officer(tour: Tour) -> None:
    some = list(Case.objects.filter(closed_at=None, owner__login=OFFICER).exclude(number=None)[:3])
    chosen = "&".join(f"it={case.pk}" for case in some)
    tour.go("/desk/bulk?deed=helper", "nothing-chosen")
    tour.go(f"/desk/bulk?deed=helper&{chosen}")
    tour.send_empty()
    tour.page.locator("main select[name=to]").select_option(index=1)
    tour.page.locator("main [name=reason]").fill("一起办理")
    tour.press("增加协办人")
    tour.look()
    tour.go(f"/desk/cases/{some[0].number}/notes")
    tour.go("/desk/filters", "empty")
    tour.go("/desk/filters?light=red")
    tour.send_empty()
    tour.page.locator("main [name=name]").fill("超期的")
    tour.press("保存")
    tour.go("/desk/filters", "kept")
    for address in ("absences", "phrases", "licence"):
        tour.go(f"/desk/{address}")
        tour.send_empty("main form:not(.find)")
    tour.go(f"/desk/licence/{GREEN}")
    tour.send_empty()
    tour.go("/desk/search?q=" + quote("没有这样的"), "empty")
    tour.go("/desk?q=" + quote("没有这样的"), "nothing-found")
    tour.go("/desk/cases/QT26-AAAA-BBBB", "404", status=404)
    tour.go("/my", "wrong-door", status=403)


def case_pages(tours: Tours) -> None:
    """Cases with all deeds open, before those who may do something there."""
    by_login: dict[str, Tour] = {}

    def tour(login: str) -> Tour:
        return by_login.setdefault(login, tours.of(login))

    for state in (CaseState.CORRECTION, CaseState.APPROVED, CaseState.DELIVERED):
        case = (
            Case.objects.filter(state=state).exclude(number=None).exclude(owner=None).order_by("-pk").first()
        )
        if case is not None and case.owner is not None:
            tour(case.owner.login).go(f"/desk/cases/{case.number}", f"{state}", opened=True)
    submitted = Case.objects.filter(state=CaseState.SUBMITTED).exclude(owner=None).latest("pk")
    assert submitted.owner is not None
    tour(submitted.owner.login).go(f"/desk/cases/{submitted.number}", opened=True)
    tour(submitted.owner.login).send_empty("main details.deed form")
    claimed = (
        Task.objects.filter(state=TaskState.CLAIMED, case__closed_at=None).exclude(assignee=None).latest("pk")
    )
    assert claimed.assignee is not None
    tour(claimed.assignee.login).go(f"/desk/cases/{claimed.case.number}", "claimed", opened=True)
    tour(claimed.assignee.login).send_empty("main .my-task details.deed form")
    decision = Task.objects.filter(kind="decision", state=TaskState.ENABLED).latest("pk")
    head = f"{decision.department.code}.head@qitong.example"
    tour(head).go(f"/desk/cases/{decision.case.number}", "decision", opened=True)


def taking_out(tour: Tour) -> None:
    """An export: none yet, on its way, made, and failed."""
    tour.go("/desk/exports", "empty")
    tour.go("/desk/exports/new")
    tour.go("/desk/exports/new?light=red&kind=application", "filtered")
    by = Stage(known_cast(), now()).who("wang.fang")
    first = exports.ask(Filter.parse("light=red"), language="zh-hans", by=by, at=now())
    second = exports.ask(Filter.parse("light=amber"), language="zh-hans", by=by, at=now())
    exports.ask(Filter.parse("kind=request"), language="zh-hans", by=by, at=now())
    tour.go("/desk/exports", "being-made")
    exports.make(first.pk, by=by, at=now())
    exports.fail(second.pk, say("磁盘已满，没有保存。"), by=by, at=now())
    tour.go("/desk/exports", "ready-and-failed")
    assert Export.objects.count() == 3


def desks(tours: Tours) -> None:
    """A desk before and after it is planned who receives what; and one on which nothing lies."""
    tour = tours.of(HEAD)
    owner = User.objects.get(login=OFFICER)
    tour.go(f"/desk/handover/{owner.pk}", "full")
    tour.send_empty()
    tour.page.locator("main [name=to]").first.check()
    tour.page.locator("main [name=reason]").fill("调岗")
    tour.press("预览怎样移交")
    tour.look("preview")
    idle = tours.of(EDITOR)
    idle.go(f"/desk/handover/{User.objects.get(login=EDITOR).pk}", "empty")
    for address in ("desk", "desk/tasks", "desk/filters", "desk/phrases", "messages"):
        idle.go(f"/{address}", "empty")


def leader(tour: Tour, guest: Tour) -> None:
    tour.go("/dashboard/wall/links", "empty")
    tour.send_empty()
    tour.page.locator("main [name=name]").fill("一楼大厅屏幕")
    tour.press("创建链接")
    tour.look("made")
    made = tour.page.locator("main").inner_text()
    secret = made[made.index("/wall/") :].split()[0]
    guest.go(secret)
    tour.page.once("dialog", lambda it: it.accept())
    tour.press("停用")
    tour.go("/dashboard/wall/links", "ended")
    guest.go(secret, "over", status=410)


def quiet_department(tour: Tour) -> None:
    """Figures where there is nothing to count."""
    for address in ("", "/departments", "/items", "/months", "/wall"):
        tour.go(f"/dashboard{address}", "quiet")
