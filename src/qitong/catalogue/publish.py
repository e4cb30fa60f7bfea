"""Publish a checked catalogue as a new dated version; the same content twice is one version."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from qitong.accounts.actors import Actor
from qitong.catalogue.logic.types import ItemSpec
from qitong.catalogue.models import CatalogueVersion, ItemVersion, Material, Step
from qitong.kernel.errors import Refused
from qitong.kernel.limits import SHANGHAI
from qitong.kernel.words import say
from qitong.ledger.record import record

if TYPE_CHECKING:  # a worker never checks a catalogue: what checking needs takes seven megabytes
    from qitong.catalogue.schema import Catalogue, Item

STREAM = "catalogue"


def ref_of(by: Actor | str) -> str:
    """Who acts, as the ledger names them (``user:7``, ``system``)."""
    return by if isinstance(by, str) else by.ref


def load(
    catalogue: Catalogue, *, by: Actor | str, at: dt.datetime, effective_on: dt.date | None = None
) -> CatalogueVersion:
    """Publish ``catalogue`` in force from ``effective_on`` (default: the day of ``at`` in Shanghai).

    Content equal to the latest version returns that version and writes nothing. Content equal to
    an older one is refused (``catalogue_superseded``): a return to it needs a new ``as_of``.
    """
    digest = catalogue.content_hash
    with transaction.atomic():
        one_at_a_time()
        latest = CatalogueVersion.objects.order_by("-id").first()
        if latest is not None and latest.content_hash == digest:
            return latest
        _refuse_superseded(digest)
        version = CatalogueVersion.objects.create(
            published_at=at,
            published_by=ref_of(by),
            effective_on=effective_on or at.astimezone(SHANGHAI).date(),
            content_hash=digest,
            data=_ordered(catalogue.canonical()),
        )
        _items(version, catalogue.items)
        body = {
            "version": version.pk,
            "effective_on": version.effective_on,
            "content_hash": digest,
            "items": len(catalogue.items),
        }
        record(STREAM, "catalogue_published", by=ref_of(by), at=at, body=body)
    return version


def one_at_a_time() -> None:
    """Publishers follow each other until they commit: "the latest" is one and ids commit in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('qitong.catalogue.publish'))")


def _refuse_superseded(digest: str) -> None:
    older = CatalogueVersion.objects.filter(content_hash=digest).first()
    if older is not None:
        raise Refused(
            say(
                "这份目录与{day}起施行的第{version}版相同，之后已有新版。如需恢复，请更新编制日期（as_of）后再发布。",
                day=older.effective_on,
                version=older.pk,
            ),
            code="catalogue_superseded",
        )


def _ordered(canonical: dict[str, Any]) -> dict[str, Any]:
    """The catalogue without its items; sections as lists, for JSONB does not keep the order of keys."""
    data = {key: value for key, value in canonical.items() if key != "items"}
    for section in ("departments", "facts", "milestones", "intake"):
        data[section] = [{"code": code, **row} for code, row in data[section].items()]
    for fact in data["facts"]:
        fact["choices"] = list(fact["choices"].items())
    return data


def _items(version: CatalogueVersion, items: list[Item]) -> None:
    rows = ItemVersion.objects.bulk_create(
        [_item(version, item.canonical(), place) for place, item in enumerate(items)]
    )
    specs = [(row, row.spec) for row in rows]
    Material.objects.bulk_create([m for row, spec in specs for m in _materials(row, spec)])
    Step.objects.bulk_create([s for row, spec in specs for s in _steps(row, spec)])


def _item(version: CatalogueVersion, data: dict[str, Any], position: int) -> ItemVersion:
    spec = ItemSpec.from_data(data)
    return ItemVersion(
        version=version,
        code=spec.code,
        position=position,
        name_zh=spec.name.zh,
        name_en=spec.name.en,
        stage=spec.stage.value,
        kind=spec.kind.value,
        lead=spec.lead,
        co=list(spec.co),
        promised_days=spec.promised_days,
        statutory_days=spec.statutory.days,
        statutory_unit=spec.statutory.unit.value,
        statutory_basis=spec.statutory.basis.zh,
        red_line=spec.red_line,
        data=data,
    )


def _materials(row: ItemVersion, spec: ItemSpec) -> list[Material]:
    return [
        Material(
            item_version=row,
            key=material.key,
            klass=material.klass.value,
            source=material.source.value,
            from_department=material.from_department,
            name_zh=material.name.zh,
            name_en=material.name.en,
            position=position,
        )
        for position, material in enumerate(spec.materials)
    ]


def _steps(row: ItemVersion, spec: ItemSpec) -> list[Step]:
    return [
        Step(
            item_version=row,
            key=step.key,
            kind=step.kind.value,
            department=step.department,
            days=step.days,
            after=list(step.after),
            name_zh=step.name.zh,
            name_en=step.name.en,
            level=step.level,
            position=position,
        )
        for position, step in enumerate(spec.steps)
    ]
