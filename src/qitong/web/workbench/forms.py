"""The forms of the deeds. Whether a deed is right, casework says; forms collect and keep what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qitong.casework.logic.flow import CaseKind
from qitong.casework.logic.terms import TASK_OUTCOME_WORDS, TaskOutcome
from qitong.datashare.logic.filetypes import EXTENSIONS
from qitong.kernel.limits import PauseReason

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from qitong.casework.models import Task
    from qitong.web.workbench.places import Place

    Files = MultiValueDict[str, UploadedFile[Any]]

Options = Sequence[tuple[Any, Any]]
"""Values with their labels, or labels of groups with theirs."""
LONGEST = 2000


def area(label: StrOrPromise, *, hint: StrOrPromise = "", required: bool = True) -> forms.CharField:
    """A reason, a note, an opinion: some lines of text."""
    widget = forms.Textarea({"rows": 3})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST, widget=widget)


def _one_of(options: Iterable[Any]) -> Options:
    """Beginning with an empty choice: nobody is chosen by oversight."""
    return [("", gettext("请选择")), *options]


def _step(task: Task) -> str:
    """A step to tick: who does what."""
    return f"{task.department.label}{gettext('：')}{task.label}"


class DeedForm(forms.Form):
    """One deed at one place (a case, or a task of it). ``fill`` offers what there is to choose from."""

    def __init__(
        self, place: Place, data: QueryDict | None = None, files: Files | None = None, *, slug: str
    ) -> None:
        super().__init__(data, files, auto_id=f"{slug}-%s")
        self.place = place
        self.fill(place)
        for field in self.fields.values():
            field.error_messages["required"] = gettext("请填写“%(what)s”。") % {"what": field.label}

    @classmethod
    def offered(cls, place: Place) -> Mapping[str, Options]:
        """What there is to choose from at this place, by field."""
        return {}

    def fill(self, place: Place) -> None:
        """Set choices and what is already known."""
        for name, options in self.offered(place).items():
            self.choose(name, options)

    @classmethod
    def alike(cls, place: Place) -> tuple[object, ...] | None:
        """By what the form, not filled in yet, differs from one case to another beside what is offered.

        None: by more than can be told.
        """
        return () if cls.fill is DeedForm.fill else None

    def choose(self, name: str, options: Iterable[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(options)


class NoteForm(DeedForm):
    note = area(_("联系情况"), hint=_("何时、与谁、谈了什么。"))


class NoticeForm(DeedForm):
    text = area(
        _("其他需要补正的内容"),
        hint=_("缺少的材料会自动列入通知，不必再写。这里只写其他要更正的地方；告知只有一次，请写全。"),
        required=False,
    )


class RefuseAcceptanceForm(DeedForm):
    reason = forms.ChoiceField(label=_("理由"), widget=forms.RadioSelect)
    grounds = area(_("具体说明"), hint=_("依据哪些事实、哪条规定。企业会看到全文。"))
    where = area(_("请企业去哪里办"), hint=_("已按提示填好，可修改。"))

    def fill(self, place: Place) -> None:
        filters = place.edition.intake_filters if place.edition else ()
        self.choose("reason", [(f.code, f"{f.name}{gettext('：')}{f.where}") for f in filters])
        hints = place.hints
        self.fields["reason"].initial = hints[0].code if hints else ""
        self.fields["where"].required = False
        self.fields["where"].initial = hints[0].where.zh if hints else ""
        if not hints:
            self.fields["where"].help_text = gettext("不填时，按所选理由后面写的去处告知。")


def _before_decision(place: Place) -> list[Task]:
    return [task for task in place.tasks if not task.is_decision]


class DispatchForm(DeedForm):
    department = forms.TypedChoiceField(label=_("部门"), coerce=int)
    ask = area(_("请该部门办什么"))
    days = forms.IntegerField(label=_("办理工作日"), min_value=1, max_value=60, initial=3)
    after = forms.MultipleChoiceField(
        label=_("先完成"),
        help_text=_("不勾选则立即开始，各部门同时办理。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def alike(cls, place: Place) -> tuple[object, ...]:
        return (not _before_decision(place),)

    @classmethod
    def offered(cls, place: Place) -> Mapping[str, Options]:
        steps = [(t.key, _step(t)) for t in _before_decision(place)]
        return {"department": _one_of(place.directory.departments())} | ({"after": steps} if steps else {})

    def fill(self, place: Place) -> None:
        super().fill(place)
        if not _before_decision(place):
            del self.fields["after"]


class ProposeForm(DeedForm):
    item = forms.ChoiceField(label=_("事项"), help_text=_("为企业开好草稿，由企业补齐材料后提交。"))

    @classmethod
    def offered(cls, place: Place) -> Mapping[str, Options]:
        names = place.edition.item_names if place.edition else {}
        return {"item": _one_of((code, str(name)) for code, name in names.items())}


class TransferForm(DeedForm):
    to = forms.TypedChoiceField(label=_("协办人"), coerce=int)
    reason = area(_("请其协助什么"), hint=_("首问负责人不变，协办人加入后共同办理。"))

    @classmethod
    def offered(cls, place: Place) -> Mapping[str, Options]:
        known = {place.case.owner_id or 0, *place.standing.participants}
        return {"to": _one_of(place.directory.officers(without=known))}


class ExtendForm(DeedForm):
    days = forms.IntegerField(label=_("延长工作日"), min_value=1, max_value=10)
    reason = area(_("延期理由"), hint=_("延期和理由会告知企业（行政许可法第四十二条）。"))


class SendBackForm(DeedForm):
    keys = forms.MultipleChoiceField(label=_("重新审查的步骤"), widget=forms.CheckboxSelectMultiple)
    reason = area(_("退回理由"))

    @classmethod
    def offered(cls, place: Place) -> Mapping[str, Options]:
        reviews = [t for t in place.tasks if t.kind not in ("acceptance", "decision")]
        return {"keys": [(t.key, _step(t)) for t in reviews]}


class ApproveForm(DeedForm):
    grounds = area(_("说明"), required=False)

    @classmethod
    def alike(cls, place: Place) -> tuple[object, ...]:
        return bool(place.standing.disputed), place.case.kind

    def fill(self, place: Place) -> None:
        field = self.fields["grounds"]
        if place.standing.disputed:
            field.label, field.required = gettext("不采纳部门意见的理由"), True
        elif place.case.kind == CaseKind.REQUEST:
            field.label, field.required = gettext("给企业的答复"), True


class RefuseForm(DeedForm):
    grounds = area(_("不予办理的理由和依据"), hint=_("企业会看到全文。"))


class DeliverForm(DeedForm):
    file = forms.FileField(
        label=_("结果文件"),
        help_text=_("不上传时，由系统制作带查询码的文件。"),
        required=False,
        widget=forms.FileInput({"accept": ",".join(EXTENSIONS)}),
    )


class VerifyForm(DeedForm):
    key = forms.CharField(widget=forms.HiddenInput)
    correct = forms.TypedChoiceField(
        choices=[("1", "1"), ("0", "0")], coerce=lambda v: v == "1", widget=forms.HiddenInput
    )
    remark = forms.CharField(
        label=_("哪里不符合要求"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
    )

    @classmethod
    def alike(cls, place: Place) -> tuple[object, ...]:
        return ()

    def fill(self, place: Place) -> None:
        """What is not right is said; what is right needs no words."""
        self.fields["remark"].required = self.data.get("correct") != "1"


class FetchForm(DeedForm):
    key = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("部门提供的文件"), widget=forms.FileInput({"accept": ",".join(EXTENSIONS)})
    )


class OpinionForm(DeedForm):
    outcome = forms.TypedChoiceField(label=_("意见"), coerce=TaskOutcome, widget=forms.RadioSelect)
    opinion = area(_("说明"), required=False)

    @classmethod
    def alike(cls, place: Place) -> tuple[object, ...]:
        return (place.case.kind,)

    def fill(self, place: Place) -> None:
        if place.case.kind == CaseKind.REQUEST:
            offered = [TaskOutcome.FINISHED, TaskOutcome.OBJECT]
            self.fields["opinion"].label, self.fields["opinion"].required = gettext("办理结果"), True
        else:
            offered = [TaskOutcome.CONCUR, TaskOutcome.OBJECT]
            self.fields["opinion"].help_text = gettext("不同意时须写明理由和依据。")
        self.choose("outcome", [(o.value, str(TASK_OUTCOME_WORDS[o])) for o in offered])


class ReasonForm(DeedForm):
    reason = area(_("退单理由"), hint=_("首问负责人须在一个工作日内改派。"))


class RerouteForm(DeedForm):
    to = forms.TypedChoiceField(label=_("改派给"), coerce=int)
    note = area(_("说明"), required=False)

    @classmethod
    def offered(cls, place: Place) -> Mapping[str, Options]:
        own = place.task.department_id if place.task else 0
        return {"to": _one_of(row for row in place.directory.departments() if row[0] != own)}


class AssignForm(DeedForm):
    to = forms.TypedChoiceField(label=_("交给"), coerce=int, help_text=_("双方都会收到通知和期限。"))

    @classmethod
    def offered(cls, place: Place) -> Mapping[str, Options]:
        held = {place.task.assignee_id or 0} if place.task else set()
        among = [place.task.department_id] if place.task else []
        return {"to": _one_of(place.directory.officers(among=among, without=held))}


class GroundsForm(DeedForm):
    grounds = area(_("不再等待的理由"))


class RemindForm(DeedForm):
    note = area(_("催办内容"), required=False)


class QuestionForm(DeedForm):
    question = area(
        _("需要企业补充什么"), hint=_("每项任务只能要求一次，请写全。企业答复前，本任务暂停计时。")
    )


class PauseForm(DeedForm):
    reason = forms.TypedChoiceField(label=_("法定事由"), coerce=PauseReason, widget=forms.RadioSelect)
    note = area(_("说明"), required=False)

    @classmethod
    def offered(cls, place: Place) -> Mapping[str, Options]:
        item = place.case.item_version
        reasons = sorted(item.spec.pause_reasons) if item else []
        return {"reason": [(r.value, f"{r.say()}{gettext('，')}{r.basis}") for r in reasons]}
