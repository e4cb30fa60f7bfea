"""What I get outside the app: which messages by mail and SMS, when not, and in which language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qitong.accounts.models import Language, User
from qitong.accounts.own_account import set_language
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.notifications.channels import enabled
from qitong.notifications.logic.wishes import CHOSEN, Group, Wishes
from qitong.notifications.models import Channel
from qitong.notifications.preferences import choose, wishes_of
from qitong.web.common.account import LAYOUTS, oneself
from qitong.web.common.context import audience_of
from qitong.web.common.dates import now
from qitong.web.common.http import acting, refusal_to_form
from qitong.web.common.parts import Crumb

CHOICES = [(group.value, group.value) for group in CHOSEN]


class WishesForm(forms.Form):
    mail = forms.MultipleChoiceField(choices=CHOICES, required=False)
    sms = forms.MultipleChoiceField(choices=CHOICES, required=False)
    quiet_from = forms.TimeField(
        label=_("从"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("请填写从几点起，如 22:00。")},
    )
    quiet_until = forms.TimeField(
        label=_("到"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("请填写到几点止，如 07:30。")},
    )
    language = forms.ChoiceField(
        label=_("消息和页面的语言"),
        choices=Language.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择消息和页面的语言。"),
            "invalid_choice": _("请从列出的语言中选择。"),
        },
    )


@dataclass(frozen=True, slots=True)
class Box:
    """One tick of the table."""

    name: str
    ticked: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class Line:
    group: Group
    mail: Box
    sms: Box


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show and keep the choices of whoever is signed in."""
    user = oneself(request)
    wishes = wishes_of([user.pk])[user.pk]
    why = {way: why_not(user, way) for way in (Channel.MAIL, Channel.SMS)}
    form = WishesForm(request.POST or None, initial=_initial(user, wishes))
    if request.method == "POST" and form.is_valid():
        try:
            return _keep(request, form, user, wishes, why)
        except Refused as refused:
            refusal_to_form(form, refused)
    shown = {
        "layout": LAYOUTS[audience_of(request)],
        "form": form,
        "lines": _lines(request, wishes, why),
        "no_mail": why[Channel.MAIL],
        "no_sms": why[Channel.SMS],
        "back": Crumb(gettext("账户"), reverse("account")),
    }
    return render(request, "common/notifications.html", shown, status=422 if form.errors else 200)


def why_not(user: User, channel: Channel) -> Sentence:
    """Why nothing can reach this person on the channel; empty when it can."""
    mail = channel is Channel.MAIL
    if channel not in enabled():
        return say("本平台还没有配置邮件。") if mail else say("本平台还没有配置短信。")
    if not (user.email if mail else user.phone):
        return say("您的账户里还没有邮箱。") if mail else say("您的账户里还没有手机号。")
    return NOTHING


def _keep(
    request: HttpRequest, form: WishesForm, user: User, wishes: Wishes, why: dict[Channel, Sentence]
) -> HttpResponse:
    given, by, at = form.cleaned_data, acting(request), now()
    choose(
        mail=wishes.mail if why[Channel.MAIL] else _groups(given["mail"]),
        sms=wishes.sms if why[Channel.SMS] else _groups(given["sms"]),
        quiet_from=given["quiet_from"],
        quiet_until=given["quiet_until"],
        by=by,
        at=at,
    )
    answer = redirect("notifications")
    if given["language"] != user.language:
        set_language(language=Language(given["language"]), by=by, at=at)
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, given["language"], samesite="Lax")
    messages.success(request, gettext("已保存。"))
    return answer


def _groups(values: Collection[str]) -> frozenset[Group]:
    return frozenset(Group(value) for value in values)


def _initial(user: User, wishes: Wishes) -> dict[str, object]:
    return {
        "quiet_from": wishes.quiet_from,
        "quiet_until": wishes.quiet_until,
        "language": user.language,
    }


def _lines(request: HttpRequest, wishes: Wishes, why: dict[Channel, Sentence]) -> list[Line]:
    """The table: as typed after a refusal, else as kept; what cannot be chosen stands as it is."""
    ticked = {"mail": wishes.mail, "sms": wishes.sms}
    if request.method == "POST":
        typed = {name: request.POST.getlist(name) for name in ticked}
        ticked = {name: frozenset(g for g in CHOSEN if g.value in values) for name, values in typed.items()}

    def box(group: Group, name: str) -> Box:
        unreachable = bool(why[Channel(name)])
        legal = group is Group.LEGAL
        return Box(name, not unreachable and (legal or group in ticked[name]), unreachable or legal)

    return [Line(group, box(group, "mail"), box(group, "sms")) for group in Group]
