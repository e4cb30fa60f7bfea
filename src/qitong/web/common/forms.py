"""The forms of the common pages. Whether something is right, the domain says; forms collect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from qitong.accounts.models import Jurisdiction
from qitong.kernel import uscc as codes

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    ChoiceOfPlace = forms.ModelChoiceField[Jurisdiction]
else:  # Django's class takes no parameter when it runs
    ChoiceOfPlace = forms.ModelChoiceField


def line_of_text(
    label: StrOrPromise,
    *,
    missing: StrOrPromise,
    hint: StrOrPromise = "",
    complete: str = "off",
    longest: int = 200,
    **attrs: str,
) -> forms.CharField:
    """A line of text; ``complete`` is the autocomplete token of HTML, so phones can fill it in."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        widget=forms.TextInput({"autocomplete": complete, **attrs}),
        error_messages={
            "required": missing,
            "max_length": _("最多%(limit_value)d个字，现在是%(show_value)d个字。"),
        },
    )


def code_sent(label: StrOrPromise, *, missing: StrOrPromise) -> forms.CharField:
    """Digits that hold once; phones offer them from the message. Spaces and dashes may come along."""
    return line_of_text(label, missing=missing, complete="one-time-code", longest=40, inputmode="numeric")


class PlaceField(ChoiceOfPlace):
    def label_from_instance(self, obj: Jurisdiction) -> str:
        return str(obj.label)


class RegisterForm(forms.Form):
    uscc = line_of_text(
        _("统一社会信用代码"),
        missing=_("请填写统一社会信用代码。"),
        hint=_("18位，见营业执照或登记证。"),
        longest=40,
        autocapitalize="characters",
        spellcheck="false",
    )
    name = line_of_text(
        _("企业名称"), missing=_("请填写企业名称。"), hint=_("与营业执照一致。"), complete="organization"
    )
    legal_representative = line_of_text(_("法定代表人"), missing=_("请填写法定代表人。"), longest=100)
    address = line_of_text(_("住所"), missing=_("请填写住所。"), complete="street-address", longest=300)
    jurisdiction = PlaceField(
        Jurisdiction.objects.none(),
        label=_("所在园区或区县"),
        empty_label=_("请选择"),
        error_messages={
            "required": _("请选择所在园区或区县。"),
            "invalid_choice": _("请从列表中选择所在园区或区县。"),
        },
    )
    contact_name = line_of_text(
        _("联系人姓名"), missing=_("请填写联系人姓名。"), complete="name", longest=100
    )
    phone = line_of_text(
        _("联系人手机号"),
        missing=_("请填写联系人手机号。"),
        hint=_("今后用它登录，办理进展也发到这里。"),
        complete="tel",
        longest=30,
        inputmode="tel",
    )
    password = forms.CharField(
        label=_("设置密码"),
        strip=False,
        help_text=_("至少10位，大写字母、小写字母、数字、符号中至少用三类；不要包含姓名、手机号。"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": _("请设置密码。")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        place = self.fields["jurisdiction"]
        if isinstance(place, PlaceField):
            place.queryset = places()
            if place.queryset.count() == 1:
                place.initial = place.queryset.get().pk

    def clean_uscc(self) -> str:
        code = codes.normalise(str(self.cleaned_data["uscc"]))
        if why := codes.why_not(code):
            raise forms.ValidationError(str(why), code="uscc")
        return code


def places() -> QuerySet[Jurisdiction]:
    """Where an enterprise can register: every jurisdiction that has no other below it."""
    return Jurisdiction.objects.filter(children=None).order_by("code")
