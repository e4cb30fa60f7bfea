"""The empty form of a deed is written once for all cases, and says at each what it would if it were built."""

from __future__ import annotations

from django.test import RequestFactory
from django.utils import translation

from qitong.accounts.models import User
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.web.templatetags.desk import phrases
from qitong.web.templatetags.qitong import field
from qitong.web.workbench.blanks import Asked
from qitong.web.workbench.case_deeds import CASE_WAYS, MATERIAL_WAYS
from qitong.web.workbench.forms import (
    ApproveForm,
    DeedForm,
    ExtendForm,
    RefuseAcceptanceForm,
    TransferForm,
)
from qitong.web.workbench.places import Place, place_of
from qitong.web.workbench.task_deeds import TASK_WAYS
from tests.web_workbench.conftest import CLERK, GREEN, ITEM

FORMS = {way.form for way in (*CASE_WAYS, *MATERIAL_WAYS, *TASK_WAYS)}


def _place(stage: Stage, case: Case) -> Place:
    request = RequestFactory().get("/")
    request.user = stage.cast.user("wang.fang")
    return place_of(request, case.number or "")


def _built(kind: type[DeedForm], place: Place, anchor: str) -> str:
    form = kind(place, slug=anchor)
    return "".join(f"{field(bound)}{phrases(bound, place.case.number or '')}" for bound in form)


def test_every_form_says_at_each_case_what_it_would_if_it_were_built(stage: Stage, submitted: Case) -> None:
    other = stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)
    wish = stage.submit(stage.request(GREEN, CLERK, "断水", "厂房今晨断水。"), CLERK)
    for case in (submitted, other, wish, submitted):
        place = _place(stage, case)
        for kind in FORMS:
            for language in ("zh-hans", "en"):
                with translation.override(language):
                    built = _built(kind, place, f"it-{case.pk}")
                    assert Asked(kind, place, f"it-{case.pk}").inputs == built


def test_what_is_chosen_from_the_database_is_never_kept(stage: Stage, submitted: Case) -> None:
    place = _place(stage, submitted)
    chosen = str(Asked(TransferForm, place, "transfer").inputs)
    User.objects.filter(pk=stage.cast.user("li.qiang").pk).update(name="<改名>")
    renamed = _place(stage, submitted)
    assert Asked(TransferForm, renamed, "transfer").inputs == _built(TransferForm, renamed, "transfer")
    assert "&lt;改名&gt;" in Asked(TransferForm, renamed, "transfer").inputs
    assert "&lt;改名&gt;" not in chosen
    assert RefuseAcceptanceForm.alike(place) is None
    assert ExtendForm.alike(place) == ()
    disputed, agreed = place.standing, ApproveForm.alike(place)
    assert agreed == (bool(disputed.disputed), submitted.kind)


def test_what_was_typed_and_refused_stands_where_it_was_typed(stage: Stage, submitted: Case) -> None:
    place = _place(stage, submitted)
    typed = ExtendForm(place, {"days": "99", "reason": "<b>"}, slug="extend")  # type: ignore[arg-type]
    asked = Asked(ExtendForm, place, "extend", typed)
    assert "&lt;b&gt;" in asked.inputs
    assert 'value="99"' in asked.inputs
    assert "&lt;b&gt;" not in Asked(ExtendForm, place, "extend").inputs
