"""Who exists: people, enterprises, departments, and what each may do.

Personal data lives here and can be erased; the ledger keeps only its digests.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from qitong.accounts.access_models import (
    RECOVERY_CODES,
    ExternalIdentity,
    LoginSession,
    PastPassword,
    RecoveryCode,
    SecondFactor,
    Showing,
    Visit,
)
from qitong.accounts.code_models import CODE_TRIES, Ended, LoginCode, Purpose, Stranger
from qitong.accounts.logic.roles import DEPARTMENT_ROLES, OFFICER_ROLES, Role
from qitong.kernel.words import Named

__all__ = [
    "CODE_TRIES",
    "RECOVERY_CODES",
    "Absence",
    "ApiToken",
    "Department",
    "DutyShift",
    "Ended",
    "Enterprise",
    "EnterpriseMark",
    "ExternalIdentity",
    "Jurisdiction",
    "Language",
    "Level",
    "LoginCode",
    "LoginSession",
    "MarkKind",
    "Membership",
    "MembershipRole",
    "PastPassword",
    "Purpose",
    "RecoveryCode",
    "RoleAssignment",
    "SecondFactor",
    "Showing",
    "Stranger",
    "User",
    "Visit",
]

# Shape only (GB 32100-2015); the check character is `qitong.kernel.uscc`'s.
USCC_SHAPE = "^[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"

# Plain strings: a migration must not change its meaning when the code does.
_ANY = sorted(role.value for role in Role)
_OFFICER = sorted(role.value for role in OFFICER_ROLES)
_DEPARTMENT = sorted(role.value for role in DEPARTMENT_ROLES)


class Language(models.TextChoices):
    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"


class Level(models.TextChoices):
    CITY = "city", _("市")
    DISTRICT = "district", _("区")
    PARK = "park", _("园区")


class MembershipRole(models.TextChoices):
    ADMINISTRATOR = "administrator", _("企业管理员")
    CLERK = "clerk", _("企业经办人")


class MarkKind(models.TextChoices):
    DISHONESTY = "dishonesty", _("失信记录")
    MISSED_COMMITMENT = "missed_commitment", _("逾期未履行承诺")


class UserManager(BaseUserManager["User"]):
    """Finds users by their login, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in; ``login`` is a phone number or a mail address, in lower case."""

    login = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, choices=Language, default=Language.CHINESE)
    failed_logins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(login=Lower(F("login"))), name="user_login_lower"),
            models.CheckConstraint(condition=~Q(login=""), name="user_login_given"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="user_language_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        """How the ledger names this person."""
        return f"user:{self.pk}"


class Jurisdiction(models.Model):
    """A city, a district in it, or a park in that."""

    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="jurisdiction_level_known"),
            models.CheckConstraint(
                condition=Q(level=Level.CITY, parent=None) | (~Q(level=Level.CITY) & Q(parent__isnull=False)),
                name="jurisdiction_city_has_no_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def label(self) -> Named:
        return Named(self.name_zh, self.name_en)


class Department(models.Model):
    """A department that works on cases; the window of a jurisdiction receives them."""

    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="departments")
    external = models.BooleanField(default=False)
    is_window = models.BooleanField(default=False)
    opens = models.TimeField(default=dt.time(9, 0))
    closes = models.TimeField(default=dt.time(17, 30))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="department_opens_first"),
            models.UniqueConstraint(
                fields=["jurisdiction"], condition=Q(is_window=True), name="department_one_window"
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def label(self) -> Named:
        return Named(self.name_zh, self.name_en)


class Enterprise(models.Model):
    """A company (or village collective) under its unified social credit code."""

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="enterprises")
    legal_representative = models.CharField(max_length=100)
    address = models.CharField(max_length=300)
    industry_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uscc__regex=USCC_SHAPE), name="enterprise_uscc_shape"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person acts for an enterprise, as its administrator or as a clerk."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=15, choices=MembershipRole)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "enterprise"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=MembershipRole.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.role} {self.user_id}"


class RoleAssignment(models.Model):
    """A person holds a role from ``from_on`` up to, not including, ``until_on``.

    That nobody is two of the three administrators at once is an exclusion constraint of the migration.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=30)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=_OFFICER), name="role_known"),
            models.CheckConstraint(
                condition=Q(role__in=_DEPARTMENT, department__isnull=False)
                | (~Q(role__in=_DEPARTMENT) & Q(department=None)),
                name="role_department_given",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.LEADER.value) | Q(jurisdiction__isnull=False), name="role_leader_of"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="role_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "department", "jurisdiction"],
                condition=Q(until_on=None),
                nulls_distinct=False,
                name="role_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Absence(models.Model):
    """Whole days, both included, on which ``substitute`` does the work of ``user``.

    That one person's absences do not overlap is an exclusion constraint of the migration.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start"),
            models.CheckConstraint(condition=~Q(user=F("substitute")), name="absence_other_substitute"),
        ]
        indexes = [models.Index(fields=["ends_on", "starts_on"], name="absence_days")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_on}–{self.ends_on}"


class DutyShift(models.Model):
    """Who is on duty at a window on a day."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="duty_shifts")
    officer = models.ForeignKey(User, models.PROTECT, related_name="duty_shifts")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "on"], name="duty_one_a_day")]

    def __str__(self) -> str:
        return f"{self.department_id} {self.on}"


class EnterpriseMark(models.Model):
    """A note on an enterprise's record; it counts until it is repaired.

    ``noted_by`` and ``repaired_by`` are actor refs; ``subject`` names what it is about (a case number).
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=20, choices=MarkKind)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=100)
    subject = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    repaired_at = models.DateTimeField(null=True, blank=True)
    repaired_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MarkKind.values), name="mark_kind_known"),
            models.CheckConstraint(
                condition=Q(repaired_at=None, repaired_by="")
                | (Q(repaired_at__isnull=False) & ~Q(repaired_by="")),
                name="mark_repair_whole",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "kind", "subject"],
                condition=Q(repaired_at=None) & ~Q(subject=""),
                name="mark_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind}"


class ApiToken(models.Model):
    """A key for a program, limited to one role in one place; only its digest is kept."""

    name = models.CharField(max_length=100)
    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    role = models.CharField(max_length=30)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=_ANY), name="token_role_known"),
            models.CheckConstraint(
                condition=Q(role__in=_DEPARTMENT, department__isnull=False)
                | (~Q(role__in=_DEPARTMENT) & Q(department=None)),
                name="token_department_given",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.ENTERPRISE.value, enterprise__isnull=False)
                | (~Q(role=Role.ENTERPRISE.value) & Q(enterprise=None)),
                name="token_enterprise_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
