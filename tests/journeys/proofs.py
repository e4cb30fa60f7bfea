"""Pages on the way in that need a second proof, and what is kept of what was sent too late."""

from __future__ import annotations

from qitong.accounts import second
from qitong.accounts.logic import totp
from qitong.accounts.models import User
from qitong.demo.play import PASSWORD
from qitong.demo.stories import TIDE_CLERK
from qitong.web.common.dates import now
from qitong.web.common.presence import UNSENT
from tests.journeys.tour import Tour, Tours

WITHOUT = "zhao.min@qitong.example"


def second_proof(tours: Tours) -> None:
    """An app is taken into use, asked for at the next sign-in, and demanded of an officer without one."""
    tour = tours.of(TIDE_CLERK)
    tour.go("/account/second-factor")
    tour.press("启用动态码")
    tour.look("new")
    tour.send_empty()
    user = User.objects.get(login=TIDE_CLERK)
    code = totp.code_at(second.secret_of(user.second_factor), totp.step_of(now()))
    tour.page.locator("main [name=code]").fill(code)
    tour.press("启用")
    tour.look("codes")
    tour.go("/account/second-factor", "in-use")
    for login in (TIDE_CLERK, WITHOUT):
        coming = tours.of()
        _first_proof(coming, login)
        coming.look()
        coming.send_empty()


def _first_proof(tour: Tour, login: str) -> None:
    tour.go("/login")
    tour.page.locator("[name=login]").fill(login)
    tour.page.locator("[name=password]").fill(PASSWORD)
    tour.press("登录")


def sent_too_late(tour: Tour) -> None:
    """As the page that lets somebody go on with what they sent when they had been signed out."""
    session = tour.client.session
    user = User.objects.get(login=TIDE_CLERK)
    typed = [("title", "厂区门口道路夜间没有照明")]
    session[UNSENT] = {"path": "/my/tell", "who": user.pk, "typed": typed, "files": True}
    session.save()
    tour.go("/login/unsent")
