"""What was typed into a draft, kept: field by field, as typed, and never over somebody else's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qitong.accounts.actors import Actor
from qitong.casework import drafts
from qitong.casework.models import Case
from qitong.kernel.errors import Refused
from qitong.web.common.dates import SHANGHAI, now
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.portal import own
from qitong.web.portal.draft import Draft, Question

ELSEWHERE = "changed_elsewhere"


def as_kept(text: str) -> str:
    """A text as it is kept: browsers send other line ends from a form than from a script."""
    return text.replace("\r\n", "\n").strip()


def changes(case: Case, posted: QueryDict, fields: Iterable[str], *, at: str = "") -> dict[str, str]:
    """What the form changes: where the writer left a field as it was shown, the kept one stands.

    A question of fact that is sent without an answer is answered: it is not known yet.
    """
    found = {}
    for name in fields:
        if name not in posted and name != at:
            continue
        value = as_kept(posted.get(name, ""))
        before = posted.get(f"was.{name}")
        untouched = before is not None and as_kept(before) == value
        if (value != drafts.answer_of(case, name) and not untouched) or _is_unasked(case, name):
            found[name] = value
    return found


def _is_unasked(case: Case, name: str) -> bool:
    return name.startswith("fact.") and name.removeprefix("fact.") not in case.form.get("facts", {})


def seen(posted: QueryDict, fields: Iterable[str]) -> dict[str, str]:
    """What stood in the fields when the page was opened."""
    return {name: as_kept(str(posted[f"was.{name}"])) for name in fields if f"was.{name}" in posted}


def keep(
    case: Case, values: Mapping[str, str], before: Mapping[str, str], *, by: Actor, at: dt.datetime
) -> list[str]:
    """Save all that can be saved; returns the fields that were changed elsewhere meanwhile."""
    left, clashes = dict(values), list[str]()
    while left:
        known = {name: before[name] for name in left if name in before}
        try:
            drafts.save_fields(case_id=case.pk, values=left, seen=known, by=by, at=at)
        except Refused as refused:
            if refused.code != ELSEWHERE:
                raise
            clashes.append(refused.field)
            del left[refused.field]
        else:
            break
    return clashes


def take(request: HttpRequest, draft: Draft, at: Question, form: BaseForm) -> bool:
    """Keep what a part of the form brought. Whether one may go on: what is wrong is kept all the same.

    A phone shows one question of the part and is judged by it alone; the button of the whole part
    judges all of it.
    """
    posted = request.POST
    changed = changes(draft.case, posted, form.fields, at=at.key)
    form.is_valid()
    judged = set(form.fields) if "part" in posted else {at.key, *changed}
    for name in [name for name in form.errors if name not in judged]:
        del form.errors[name]
    try:
        clashes = keep(draft.case, changed, seen(posted, changed), by=acting(request), at=now())
    except Refused as refused:
        refusal_to_form(form, refused)
    else:
        for name in clashes:
            why = gettext("这一项刚才在另一处改过，您写的还没有保存。")
            form.add_error(name, ValidationError(why, code=ELSEWHERE))
    return not form.errors


@company_required
@require_POST
def save(request: HttpRequest, pk: int) -> JsonResponse:
    """One field as it is typed: found again on another device."""
    case, at = own.draft_by_pk(request, pk), now()
    posted, field = request.POST, request.POST.get("field", "")
    before = {field: as_kept(str(posted["was"]))} if "was" in posted else {}
    try:
        drafts.save_fields(
            case_id=pk,
            values={field: as_kept(posted.get("value", ""))},
            seen=before,
            by=acting(request),
            at=at,
        )
    except Refused as refused:
        if refused.code != ELSEWHERE:
            return JsonResponse({"error": str(refused)}, status=422)
        case.refresh_from_db(fields=["form"])
        return JsonResponse({"error": str(refused), "kept": drafts.answer_of(case, field)}, status=409)
    return JsonResponse({"saved_at": f"{timezone.localtime(at, SHANGHAI):%H:%M}"})
