"""A person's account is emptied: what they did stays done, by somebody without a name."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q

from qitong.accounts.actors import Actor
from qitong.accounts.models import (
    ApiToken,
    Enterprise,
    ExternalIdentity,
    LoginCode,
    LoginSession,
    Membership,
    PastPassword,
    SecondFactor,
    Showing,
    User,
)
from qitong.accounts.permissions import Deed, require_allowed
from qitong.ledger.erase import erase as erase_texts
from qitong.ledger.models import Text
from qitong.ledger.record import record

ERASED = "personal_data.erased"
NAMELESS = "已注销"
_OF_A_PERSON = ("login", "name", "phone", "email")


@transaction.atomic
def erase_person(*, user: User, reason: str, by: Actor, at: dt.datetime) -> None:
    """Overwrite who somebody is, end all their ways in, and delete their texts from the ledger's side table.

    Whether anything still needs them is the caller's to know.
    """
    require_allowed(by, Deed.ERASE)
    kept = User.objects.select_for_update().get(pk=user.pk)
    _ways_in(kept, at)
    texts = _texts_about(kept)
    kept.login, kept.name, kept.phone, kept.email = f"erased-{kept.pk}@erased.invalid", NAMELESS, "", ""
    kept.set_unusable_password()
    kept.is_active, kept.failed_logins, kept.locked_until, kept.last_login = False, 0, None, None
    kept.save()
    Membership.objects.filter(user=kept).update(active=False)
    if texts:
        erase_texts(texts, by=by.ref, at=at, reason="request")
    record(kept.ref, ERASED, by=by.ref, at=at, body={"why": "request"}, personal={"reason": reason})


def _ways_in(user: User, at: dt.datetime) -> None:
    for model in (LoginSession, SecondFactor, ExternalIdentity, PastPassword):
        model._default_manager.filter(user=user).delete()
    addresses = {user.login, user.phone, user.email, user.ref} - {""}
    LoginCode.objects.filter(Q(user=user) | Q(whose__in=addresses) | Q(address__in=addresses)).delete()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    ApiToken.objects.filter(user=user).update(name=NAMELESS)
    Showing.objects.filter(subject=user.ref).delete()


def _texts_about(user: User) -> list[uuid.UUID]:
    """Those of their own stream, and those with which a company entered them."""
    companies = [f"enterprise:{pk}" for pk in user.memberships.values_list("enterprise_id", flat=True)]
    entered = Q(entry__body__contains={"member": user.ref}) | Q(
        entry__body__contains={"administrator": user.ref}
    )
    theirs = Q(entry__stream=user.ref) | (Q(entry__stream__in=companies, name__in=_OF_A_PERSON) & entered)
    return list(Text.objects.filter(theirs).values_list("pk", flat=True))


@transaction.atomic
def erase_company(*, enterprise: Enterprise, reason: str, by: Actor, at: dt.datetime) -> None:
    """Overwrite how a company is reached, and delete its personal texts; the register's facts stay."""
    require_allowed(by, Deed.ERASE)
    kept = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    kept.phone = NAMELESS
    kept.save(update_fields=["phone"])
    kept.marks.exclude(note="").update(note=NAMELESS)
    stream = f"enterprise:{kept.pk}"
    if Text.objects.filter(entry__stream=stream).exists():
        erase_texts(stream, by=by.ref, at=at, reason="request")
    record(stream, ERASED, by=by.ref, at=at, body={"why": "request"}, personal={"reason": reason})
