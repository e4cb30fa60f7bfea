"""The security administrator's pages: who has an account, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qitong.accounts import everyone, oidc, people, second, sessions, showing, visits
from qitong.accounts.actors import Role
from qitong.accounts.models import Department, ExternalIdentity, RoleAssignment, User
from qitong.accounts.permissions import Deed, why_not
from qitong.kernel.errors import Refused
from qitong.kernel.masking import Veil, mask_login, mask_name
from qitong.kernel.words import Sentence
from qitong.web.common import visiting
from qitong.web.common.dates import now, today
from qitong.web.common.devices import devices_of, end_one
from qitong.web.common.http import acting, officer_required, refusal_to_form
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Crumb, Row
from qitong.web.workbench.role_deeds import RoleForm, grant, revoke

VISITS = 10
_REASONED = ("reset", "unlink", "look", "show")


class ReasonForm(forms.Form):
    """For the deeds that need one."""

    reason = forms.CharField(
        label=_("理由"),
        error_messages={"required": _("请填写理由。")},
        max_length=300,
        help_text=_("写入台账，本人和审计管理员会看到。"),
        widget=forms.Textarea({"rows": 2}),
    )


def guards_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for security administrators; others read that the page is not theirs."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if why_not(acting(request), Deed.MANAGE_USERS):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@officer_required
@guards_only
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Everybody, by login; found by name, phone or mail."""
    typed, locked = request.GET.get("q", "")[:100], "locked" in request.GET
    page = page_of(
        request,
        everyone.everybody(typed, locked_at=now() if locked else None),
        key="login",
        newest_first=False,
    )
    roles = everyone.roles_of([user.pk for user in page.rows], today())
    rows = [
        (user, listed(user, roles.get(user.pk, [])), roles_in_words(roles.get(user.pk, [])), state_of(user))
        for user in page.rows
    ]
    context = {"page": page, "rows": rows, "typed": typed, "locked": locked}
    return render(request, "workbench/people.html", context)


def listed(user: User, held: Sequence[RoleAssignment]) -> tuple[str, str]:
    """Name and login in a list: the login masked, the name where its bearer holds no office.

    Who holds one acts under their name; a company's people do not, and are found by who knows them.
    """
    return (user.name if held else mask_name(user.name)), mask_login(user.login)


def roles_in_words(held: Sequence[RoleAssignment]) -> list[tuple[Sentence, Department | None]]:
    return [(Role(it.role).label, it.department) for it in held]


def state_of(user: User) -> tuple[str, str]:
    """The word for an account's state, and its tone."""
    if not user.is_active:
        return gettext("已停用"), ""
    if user.locked_until is not None and user.locked_until > now():
        return gettext("已锁定"), "red"
    return gettext("正常"), "green"


@never_cache
@officer_required
@guards_only
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its state, roles, devices, and the deeds that are open."""
    return _page(request, _found(request, pk))


@officer_required
@guards_only
@require_POST
def do(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One deed; a refusal comes back beside its form."""
    user = _found(request, pk)
    if slug not in _DEEDS:
        raise Http404
    try:
        answer = _DEEDS[slug](request, user)
    except Refused as refused:
        return _page(request, user, refused=refused, slug=slug)
    return answer or redirect("workbench:person", pk)


def _found(request: HttpRequest, pk: int) -> User:
    user = showing.with_showing(everyone.everybody(""), acting(request)).filter(pk=pk).first()
    if user is None:
        raise Http404
    return user


def _page(
    request: HttpRequest, user: User, *, refused: Refused | None = None, slug: str = ""
) -> HttpResponse:
    held = everyone.roles_of([user.pk], today()).get(user.pk, [])
    shown = {
        name: ReasonForm(request.POST if name == slug else None, auto_id=f"id_{name}_%s")
        for name in _REASONED
    }
    roles = RoleForm(request.POST if slug == "grant" else None)
    sent = roles if slug == "grant" else shown.get(slug)
    if sent is not None and refused is not None and not sent.errors:
        refusal_to_form(sent, refused)
    veil = showing.veil_of(acting(request), user, at=now())
    called = user.name if held else veil.name(user.name)
    context = {
        "who": user,
        "called": called,
        "veil": veil,
        "state": state_of(user),
        "rows": _facts(user, veil, called),
        "locked": user.locked_until is not None and user.locked_until > now(),
        "roles": [(it, Role(it.role).label) for it in held],
        "devices": devices_of(user),
        "identities": list(ExternalIdentity.objects.filter(user=user)),
        "visits": list(visits.had_by(user)[:VISITS]),
        "oneself": acting(request).user_id == user.pk,
        "forms": shown,
        "role_form": roles,
        "sent": sent,
        "refused": refused if sent is None else None,
        "minutes": int(showing.SHOWN_FOR.total_seconds() // 60),
        "back": Crumb(gettext("用户"), reverse("workbench:people")),
    }
    return render(request, "workbench/person.html", context, status=422 if refused else 200)


def _facts(user: User, veil: Veil, called: str) -> list[Row]:
    in_use = getattr(user, "has_factor", False)
    return [
        Row(_("姓名"), called),
        Row(_("登录名"), veil.login(user.login)),
        Row(_("手机号"), veil.phone(user.phone) or "–"),
        Row(_("邮箱"), veil.login(user.email) or "–"),
        Row(_("动态码"), gettext("已启用") if in_use else gettext("没有启用")),
    ]


def _unlock(request: HttpRequest, user: User) -> None:
    people.unlock(user=user, by=acting(request), at=now())
    messages.success(request, gettext("已解锁，可以马上重新登录。"))


def _close(request: HttpRequest, user: User) -> None:
    people.close_user(user=user, by=acting(request), at=now())
    messages.success(request, gettext("账号已停用，所有设备已退出。"))


def _reset(request: HttpRequest, user: User) -> None:
    second.reset(user=user, reason=_reason(request), by=acting(request), at=now())
    messages.success(request, gettext("动态码已重置，下次登录时重新启用。"))


def _unlink(request: HttpRequest, user: User) -> None:
    oidc.unlink(user=user, reason=_reason(request), by=acting(request), at=now())
    messages.success(request, gettext("已解除与统一登录的关联。"))


def _end_one(request: HttpRequest, user: User) -> None:
    end_one(request, user, request.POST.get("end", ""))
    messages.success(request, gettext("该设备上的登录已退出。"))


def _end_all(request: HttpRequest, user: User) -> None:
    sessions.end_all(user=user, by=acting(request), at=now())
    messages.success(request, gettext("所有设备上的登录都已退出。"))


def _look(request: HttpRequest, user: User) -> HttpResponse:
    visit = visits.begin(host=user, reason=_reason(request), by=acting(request), at=now())
    return visiting.start(request, visit)


def _show(request: HttpRequest, user: User) -> None:
    showing.show_person(user=user, reason=_reason(request), by=acting(request), at=now())


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


_DEEDS: dict[str, Callable[[HttpRequest, User], HttpResponse | None]] = {
    "unlock": _unlock,
    "close": _close,
    "reset": _reset,
    "unlink": _unlink,
    "end": _end_one,
    "end-all": _end_all,
    "look": _look,
    "show": _show,
    "grant": grant,
    "revoke": revoke,
}
