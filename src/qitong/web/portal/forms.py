"""The forms of the company's pages. They collect; the domain judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qitong.accounts.models import Enterprise
from qitong.casework.drafts import MAX_FIELD, MAX_TITLE
from qitong.catalogue.logic.types import FactSpec, FactType
from qitong.datashare.logic.filetypes import accepted
from qitong.web.common import answers
from qitong.web.common.files import ACCEPT, FilesField, FilesInput

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict
    from django.utils.functional import _StrOrPromise as StrOrPromise

    Files = MultiValueDict[str, UploadedFile[bytes]] | None

TOO_LONG = _("最多%(limit_value)d个字，现在是%(show_value)d个字。")


def _text(
    label: StrOrPromise,
    *,
    missing: StrOrPromise = "",
    hint: StrOrPromise = "",
    longest: int = MAX_FIELD,
    rows: int = 0,
    **attrs: str,
) -> forms.CharField:
    """A line, or with ``rows`` a box; not required when nothing is said about its missing."""
    widget = forms.Textarea({"rows": rows, **attrs}) if rows else forms.TextInput(attrs)
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=longest,
        widget=widget,
        error_messages={"required": missing, "max_length": TOO_LONG},
    )


class NeedForm(forms.Form):
    title = _text(
        _("一句话说明需求"),
        missing=_("请用一句话说明需求。"),
        hint=_("如：厂区门口公交班次太少，员工上下班不便"),
        longest=MAX_TITLE,
        autocomplete="off",
    )
    description = _text(
        _("具体情况"),
        missing=_("请说明具体情况。"),
        hint=_("什么事、在哪里、从什么时候起、希望怎样解决。请勿填写涉密内容和他人隐私。"),
        rows=6,
    )


class ContactForm(forms.Form):
    contact_name = _text(_("联系人姓名"), missing=_("请填写联系人姓名。"), longest=100, autocomplete="name")
    contact_phone = _text(
        _("联系电话"),
        missing=_("请填写联系电话。"),
        hint=_("首问负责人会在一个工作日内打这个电话。"),
        longest=30,
        autocomplete="tel",
        inputmode="tel",
    )


class OpenChoice(forms.ChoiceField):
    """A choice that may be left open: one of its own values says so, hence it is not called optional."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class FactsForm(forms.Form):
    """The catalogue's questions; ``fact.<code>`` each. No answer is an answer: 还不清楚."""

    use_required_attribute = False

    def __init__(
        self, specs: Sequence[FactSpec], kept: Mapping[str, object], data: QueryDict | None = None
    ) -> None:
        super().__init__(data, initial={f"fact.{s.code}": _kept(s, kept.get(s.code)) for s in specs})
        self.specs = list(specs)
        for spec in self.specs:
            self.fields[f"fact.{spec.code}"] = _question(spec)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for spec in self.specs:
            name = f"fact.{spec.code}"
            if cleaned.get(name) and answers.typed(spec, cleaned[name]) is None:
                self.add_error(name, gettext("请只填数字，如 1200；小数最多四位。"))
        return cleaned

    def typed(self) -> dict[str, object]:
        """Every question's answer as conditions read it; None for none."""
        return {s.code: answers.typed(s, self.cleaned_data.get(f"fact.{s.code}")) for s in self.specs}


def _kept(spec: FactSpec, value: object) -> str:
    answer = answers.typed(spec, value)
    if answer is None:  # what is no number is shown again, to be mended
        return str(value or "") if spec.type is FactType.NUMBER else ""
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def _question(spec: FactSpec) -> forms.Field:
    label = str(spec.question)
    if spec.type is FactType.NUMBER:
        unit = gettext("单位：%(unit)s") % {"unit": spec.unit} if spec.unit else ""
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        return forms.CharField(label=label, help_text=unit, required=False, max_length=20, widget=widget)
    if spec.type is FactType.BOOL:
        choices = [(answers.YES, gettext("是")), (answers.NO, gettext("否"))]
    else:
        choices = [(value, str(name)) for value, name in spec.choices]
    choices.append(("", gettext("还不清楚")))
    return OpenChoice(label=label, choices=choices, widget=forms.RadioSelect)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("选择文件"),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的，请重新选择。")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Files = None,
        *,
        label: str = "",
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(data, files, auto_id=auto_id)
        self.fields["file"].help_text = gettext("%(kinds)s每份不超过20 MB；多页请合成一个文件。") % {
            "kinds": accepted()
        }
        if label:
            self.fields["file"].label = label


class AnswerForm(forms.Form):
    answer = _text(_("答复"), missing=_("请填写答复内容。"), rows=5)
    documents = FilesField(label=_("附件"), required=False, widget=FilesInput({"accept": ACCEPT}))

    def __init__(self, data: QueryDict | None = None, files: Files = None) -> None:
        super().__init__(data, files)
        self.fields["documents"].help_text = str(accepted())


class WithdrawForm(forms.Form):
    reason = _text(
        _("撤回的原因"), hint=_("便于首问负责人了解情况，以后再办时少走弯路。"), longest=1000, rows=3
    )
    sure = forms.BooleanField(
        label=_("确认撤回：办理到此为止，不能恢复"),
        error_messages={"required": _("还没有撤回。确实要撤回，请勾选确认；不撤回，请选“不撤回”。")},
    )


class ReopenForm(forms.Form):
    reason = _text(
        _("哪里没有解决，希望怎样处理？"), missing=_("请写明要求重新办理的理由。"), longest=2000, rows=5
    )


class PlainForm(forms.Form):
    """A button with nothing to fill in; it only carries a refusal."""


class CommitForm(forms.Form):
    """Which materials follow later, and until when."""

    keys = forms.MultipleChoiceField(
        label=_("哪些材料稍后补齐"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择要容缺后补的材料。")},
    )
    due_on = forms.DateField(
        label=_("哪天以前补齐"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _("请选择补齐日期。"), "invalid": _("请填写日期，如 2026-03-20。")},
    )

    def __init__(
        self,
        names: Iterable[tuple[str, str]],
        *,
        first: dt.date,
        last: dt.date,
        data: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        keys, due = self.fields["keys"], self.fields["due_on"]
        if isinstance(keys, forms.MultipleChoiceField):
            keys.choices = list(names)
        due.widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}


class SignForm(forms.Form):
    signer_name = _text(
        _("输入您的姓名，作为签署"), missing=_("请输入您的姓名。"), longest=60, autocomplete="name"
    )


class StartForm(forms.Form):
    """``client_key`` makes a form that is sent twice one draft."""

    client_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    enterprise = forms.TypedChoiceField(
        label=_("为哪家企业办理"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择企业。"), "invalid_choice": _("请从列表中选择企业。")},
    )

    def __init__(self, companies: Sequence[Enterprise], key: str, data: QueryDict | None = None) -> None:
        first = companies[0].pk if companies else None
        super().__init__(data, initial={"client_key": key, "enterprise": first})
        field = self.fields["enterprise"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(company.pk, company.name) for company in companies]
        if len(companies) == 1:
            field.widget = forms.HiddenInput()


class TellForm(StartForm):
    """The first question only; the draft that it opens asks the rest."""

    title = NeedForm.base_fields["title"]
    field_order = ["title", "enterprise"]


class ProjectForm(StartForm):
    name = _text(
        _("项目名称"),
        missing=_("请填写项目名称。"),
        hint=_("如：二期厂房建设"),
        longest=200,
        autocomplete="off",
    )
    goal = forms.ChoiceField(
        label=_("要走到哪一步"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择目标。"), "invalid_choice": _("请从列表中选择目标。")},
    )
    field_order = ["name", "goal", "enterprise"]

    def __init__(
        self,
        goals: Sequence[tuple[str, str]],
        companies: Sequence[Enterprise],
        key: str,
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(companies, key, data)
        field = self.fields["goal"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(goals)
        if goals:
            self.initial["goal"] = goals[-1][0]
