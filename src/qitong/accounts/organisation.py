"""Jurisdictions and departments, loaded from a checked file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import yaml
from django.db import models, transaction
from pydantic import BaseModel, ConfigDict, ValidationError

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department, Jurisdiction, Level
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel import yamlguard
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.ledger.record import record

REFERENCE = Path(__file__).parent / "data" / "organisation.yaml"
STREAM = "organisation"


class _Place(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    level: Level
    zh: str
    en: str
    parent: str | None = None


class _Office(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    at: str
    zh: str
    en: str
    external: bool = False
    window: bool = False


class Organisation(BaseModel):
    """What the file holds; parents stand before their children."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    jurisdictions: list[_Place]
    departments: list[_Office]


def read(path: Path = REFERENCE) -> Organisation:
    """Return the file's content, or refuse (``organisation``) with what is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8")
        if fault := yamlguard.fault(text):
            told = {"line": fault.line, "column": fault.column, "why": fault.sentence}
            raise _wrong(path.name, say("第{line}行第{column}列：{why}", **told))
        organisation = Organisation.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise _wrong(path.name, str(error)) from error
    _check_places(organisation, path.name)
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


def _check_places(organisation: Organisation, file: str) -> None:
    known: set[str] = set()
    for place in organisation.jurisdictions:
        if place.parent is not None and place.parent not in known:
            raise _unknown(file, place.code, place.parent)
        known.add(place.code)
    for office in organisation.departments:
        if office.at not in known:
            raise _unknown(file, office.code, office.at)


def _wrong(file: str, detail: Sentence | str) -> Refused:
    return Refused(say("组织机构文件{file}有误：{detail}", file=file, detail=detail), code="organisation")


def _unknown(file: str, code: str, place: str) -> Refused:
    return Refused(
        say("组织机构文件{file}有误：{code}所属的{place}未在前面列出。", file=file, code=code, place=place),
        code="organisation",
    )
