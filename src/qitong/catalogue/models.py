"""Service items in dated versions, and the working-day calendars; nothing here ever changes.

A published version is what companies were promised, so triggers refuse UPDATE, DELETE and
TRUNCATE on every table of this package: a change is a new version, a new calendar a new row.
Departments are named by their code, for their rows live in ``accounts``.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qitong.catalogue.logic.types import ItemSpec, MaterialClass, MaterialSource, StepKind
from qitong.kernel.words import Named


class CatalogueVersion(models.Model):
    """One publication of the whole catalogue, in force from ``effective_on`` until the next."""

    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)
    effective_on = models.DateField(db_index=True)
    content_hash = models.CharField(max_length=64, unique=True)
    data = models.JSONField()
    """The canonical catalogue without its items; sections are lists in the catalogue's order."""

    def __str__(self) -> str:
        return f"{self.effective_on} #{self.pk}"


class ItemVersion(models.Model):
    """A service item as one version of the catalogue has it; ``data`` is the full canonical item."""

    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="items")
    code = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    stage = models.CharField(max_length=30)
    kind = models.CharField(max_length=30)
    lead = models.CharField(max_length=60)
    co = ArrayField(models.CharField(max_length=60), default=list)
    promised_days = models.PositiveSmallIntegerField()
    statutory_days = models.PositiveSmallIntegerField(null=True)
    statutory_unit = models.CharField(max_length=4)
    statutory_basis = models.CharField(max_length=300)
    red_line = models.BooleanField()
    data = models.JSONField()

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="item_once_per_version"),
            models.CheckConstraint(
                condition=Q(statutory_unit="none", statutory_days__isnull=True)
                | Q(statutory_unit__in=["wd", "cd"], statutory_days__gt=0),
                name="item_statutory_days_have_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def label(self) -> Named:
        return Named(self.name_zh, self.name_en)

    @property
    def spec(self) -> ItemSpec:
        """The item as pure logic and screens read it, parsed once in a process.

        A published row never changes, and no other row ever gets its primary key.
        """
        spec = _SPECS.get(self.pk) or ItemSpec.from_data(self.data)
        if self.pk is not None and self.pk not in _SPECS:
            if len(_SPECS) >= MOST_SPECS:
                _SPECS.clear()
            _SPECS[self.pk] = spec
        return spec


MOST_SPECS = 2000
_SPECS: dict[int, ItemSpec] = {}


class Material(models.Model):
    """A document that an item asks for.

    ``(item_version, key, klass)`` is unique on top of ``(item_version, key)``: casework points a
    composite foreign key at it, so that the database itself refuses to defer a red line.
    """

    class Klass(models.TextChoices):
        CORE = MaterialClass.CORE.value, "核心材料"
        DEFERRABLE = MaterialClass.DEFERRABLE.value, "可容缺材料"
        RED_LINE = MaterialClass.RED_LINE.value, "红线材料"

    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="materials")
    key = models.CharField(max_length=60)
    klass = models.CharField(max_length=12, choices=Klass.choices)
    source = models.CharField(max_length=12)
    from_department = models.CharField(max_length=60, blank=True)
    name_zh = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["item_version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item_version", "key"], name="material_once_per_item"),
            models.UniqueConstraint(fields=["item_version", "key", "klass"], name="material_key_and_class"),
            models.CheckConstraint(
                condition=Q(klass__in=[c.value for c in MaterialClass]), name="material_class_known"
            ),
            models.CheckConstraint(
                condition=(Q(source=MaterialSource.SHARED.value) & ~Q(from_department=""))
                | (
                    Q(source__in=[MaterialSource.APPLICANT.value, MaterialSource.GENERATED.value])
                    & Q(from_department="")
                ),
                name="material_shared_from_a_department",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Step(models.Model):
    """One node of an item's step graph; ``after`` holds keys of steps of the same item."""

    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="steps")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    department = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField()
    after = ArrayField(models.CharField(max_length=60), default=list)
    name_zh = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["item_version_id", "level", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item_version", "key"], name="step_once_per_item"),
            models.UniqueConstraint(
                fields=["item_version"],
                condition=Q(kind=StepKind.DECISION.value),
                name="step_one_decision_per_item",
            ),
            models.UniqueConstraint(
                fields=["item_version"],
                condition=Q(kind=StepKind.ACCEPTANCE.value),
                name="step_one_acceptance_per_item",
            ),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in StepKind]), name="step_kind_known"),
            models.CheckConstraint(condition=Q(level__gte=1), name="step_level_from_one"),
        ]

    def __str__(self) -> str:
        return self.key


class CalendarYear(models.Model):
    """The working days of one year as loaded on one day; the latest row of a year counts."""

    year = models.PositiveSmallIntegerField()
    notice = models.CharField(max_length=200, blank=True)
    facts = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["year", "-id"], name="calendar_year_latest")]

    def __str__(self) -> str:
        return f"{self.year}: {self.notice}"
