"""Jurisdictions and departments, loaded from a checked file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from django.db import models, transaction
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department, Jurisdiction, Level
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused
from qitong.kernel.lines import is_line
from qitong.kernel.shapes import in_order, read_file, shaped
from qitong.kernel.words import Sentence, say
from qitong.kernel.yamlmarks import Document, Problem
from qitong.ledger.record import record

REFERENCE = Path(__file__).parent / "data" / "organisation.yaml"
STREAM = "organisation"


def _line(text: str) -> str:
    if not is_line(text):
        raise _misshaped(say("这里须为一行文字，不能含有换行等控制字符。"))
    return text


def _misshaped(sentence: Sentence) -> PydanticCustomError:
    """An error of shape that carries its sentence, which :mod:`qitong.kernel.shapes` shows as it is."""
    return PydanticCustomError("organisation", "{sentence}", {"sentence": sentence})


_Code = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(_line)]
_Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_line)]


class _Place(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: _Code
    level: Level
    zh: _Name
    en: _Name
    parent: _Code | None = None


class _Office(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: _Code
    at: _Code
    zh: _Name
    en: _Name
    external: bool = False
    window: bool = False


class Organisation(BaseModel):
    """What the file holds; parents stand before their children."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    jurisdictions: list[_Place]
    departments: list[_Office]


def check(path: Path) -> tuple[Organisation | None, list[Problem]]:
    """The file's content, or what is wrong in it, each with its line and column."""
    document = read_file(path)
    organisation = shaped(document, Organisation)
    if organisation is not None:
        _check_places(organisation, document)
    return (None if document.problems else organisation), in_order(document.problems)


def read(path: Path = REFERENCE) -> Organisation:
    """Return the file's content, or refuse (``organisation``) with what is wrong in it, a line each."""
    organisation, problems = check(path)
    if organisation is None:
        raise Refused(
            say("组织机构文件有误：{detail}", detail="\n".join(map(str, problems))), code="organisation"
        )
    return organisation


@transaction.atomic
def load_organisation(*, by: Actor, at: dt.datetime, path: Path = REFERENCE) -> list[str]:
    """Make the tables say what the file says; return the codes that were made or changed.

    Idempotent: nothing to change, no ledger entry. What the file does not name stays.
    """
    require_allowed(by, Deed.MANAGE_ORGANISATION)
    organisation = read(path)
    changed: list[str] = []
    places: dict[str, Jurisdiction] = {}
    for place in organisation.jurisdictions:
        jurisdiction = Jurisdiction.objects.filter(code=place.code).first() or Jurisdiction(code=place.code)
        facts = {
            "name_zh": place.zh,
            "name_en": place.en,
            "level": place.level.value,
            "parent_id": places[place.parent].pk if place.parent else None,
        }
        changed += _save(jurisdiction, place.code, facts)
        places[place.code] = jurisdiction
    for office in organisation.departments:
        department = Department.objects.filter(code=office.code).first() or Department(code=office.code)
        facts = {
            "name_zh": office.zh,
            "name_en": office.en,
            "jurisdiction_id": places[office.at].pk,
            "external": office.external,
            "is_window": office.window,
        }
        changed += _save(department, office.code, facts)
    if changed:
        record(STREAM, "organisation.loaded", by=by.ref, at=at, body={"changed": changed})
    return changed


def _save(row: models.Model, code: str, facts: Mapping[str, object]) -> list[str]:
    if row.pk is not None and all(getattr(row, name) == value for name, value in facts.items()):
        return []
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    return [code]


def _check_places(organisation: Organisation, document: Document) -> None:
    """What one entry says of another, and what the tables would not take."""
    places: set[str] = set()
    for n, place in enumerate(organisation.jurisdictions):
        loc = ("jurisdictions", n)
        if place.code in places:
            document.complain((*loc, "code"), say("{code}写了两次。", code=place.code))
        if (place.level is Level.CITY) != (place.parent is None):
            document.complain(loc, say("市没有上级，区和园区须写明上级（parent）。"))
        if place.parent is not None and place.parent not in places:
            document.complain((*loc, "parent"), _unknown(place.code, place.parent))
        places.add(place.code)
    offices: set[str] = set()
    windows: set[str] = set()
    for n, office in enumerate(organisation.departments):
        loc = ("departments", n)
        if office.code in offices:
            document.complain((*loc, "code"), say("{code}写了两次。", code=office.code))
        if office.at not in places:
            document.complain((*loc, "at"), _unknown(office.code, office.at))
        if office.window and office.at in windows:
            document.complain((*loc, "window"), say("{place}已有一个窗口部门。", place=office.at))
        offices.add(office.code)
        windows |= {office.at} if office.window else set()


def _unknown(code: str, place: str) -> Sentence:
    return say("{code}所属的{place}未在前面列出。", code=code, place=place)
