"""What no link of policies and service packages leads to: drafts, counts, answers that were not given."""

from __future__ import annotations

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.models import Enterprise, User
from qitong.casework.logic.clock import day_of
from qitong.demo.stories import FARM, FARM_CLERK, GREEN, TIDE, TIDE_CLERK
from qitong.policies import consequences, drafting, outlooks, recheck
from qitong.policies.check import packaged
from qitong.policies.logic.quarters import quarter_of
from qitong.policies.models import PackageLine
from qitong.policies.publish import load
from qitong.web.common.dates import now
from tests.journeys.tour import Tour, Tours

EDITOR = "policy@qitong.example"


def policies(tour: Tour) -> None:
    """An editor's draft of a policy, tried on a company and counted."""
    at = now()
    load(packaged(), by=Actor.system("demo"), at=at)
    by = actor_for(User.objects.get(login=EDITOR), on=day_of(at))
    draft = drafting.begin(code="tech_sme", by=by, at=at)
    tour.go("/desk/policies/tech_sme/draft", "uncounted")
    consequences.run(consequences.ask(draft_id=draft.pk, by=by, at=at).pk, at=at)
    tour.go("/desk/policies", "full")
    recheck.run(by=Actor.system("demo"), at=at)
    tour.go("/desk/policies/who", "all")
    for show in ("met", "unknown", "near"):
        tour.go(f"/desk/policies/who/companies?show={show}", show)
    tour.go("/desk/policies/coming", "uncounted")
    outlooks.run(at=at)
    for n in range(3):
        tour.go(f"/desk/policies/coming?quarter={quarter_of(day_of(at)).later(n)}", f"counted-{n}")
    drafting.begin(code="green_factory", by=by, at=at)
    tour.go("/desk/policies/green_factory/draft/sheet")
    tour.go("/desk/policies/new")
    tour.send_empty()
    tour.page.locator("[name=code]").fill("own_award")
    tour.press("开始填写")
    tour.look("empty")
    tour.press("保存草稿")
    tour.look("refused")
    tour.go("/desk/policies/tech_sme")
    tour.go(f"/desk/policies/tech_sme/draft?company={GREEN}", "tried", opened=True)
    tour.go("/desk/policies/tech_sme/draft/of/gained", "empty")


def service_packages(tours: Tours, officer: str, elsewhere: str) -> None:
    """A package as its company answers it, as officers adjust it, and before there is one."""
    tide, office = tours.of(TIDE_CLERK), tours.of(officer)
    held = Enterprise.objects.get(uscc=TIDE)
    tide.go(f"/my/package/{held.pk}", "answering", opened=True)
    waiting = PackageLine.objects.filter(package__enterprise=held, answer="").order_by("pk")[0]
    tide.go(f"/my/package/{held.pk}/{waiting.thing}/{waiting.code}/unsuitable")
    tide.send_empty()
    farm = Enterprise.objects.get(uscc=FARM)
    tours.of(FARM_CLERK).go(f"/my/package/{farm.pk}", "none-yet")
    office.go("/desk/demand", "to-send")
    office.go(f"/desk/demand/{FARM}", "draft", opened=True)
    office.send_empty()
    office.go(f"/desk/demand/{TIDE}", "answering", opened=True)
    tours.of(elsewhere).go("/desk/demand", "empty")
