"""The cast: one enterprise and its clerk, another enterprise, an empty store, no scanner."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise, Jurisdiction, Level, User
from qitong.datashare import documents
from qitong.datashare.models import Document, Origin

AT = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

Keep = Callable[..., Document]


def pdf_with(more: bytes) -> bytes:
    """Another PDF: ``more`` stands before its end."""
    return PDF.replace(b"%%EOF", more + b"\n%%EOF")


def zipped(*names: str, manifest: bytes = b"<Types/>") -> bytes:
    """A zip with files of these names; OOXML's manifest, when named, has the given content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            # a fixed date (ZipInfo's default): the bytes are part of test names, which all workers must share
            archive.writestr(zipfile.ZipInfo(name), manifest if name == "[Content_Types].xml" else b"<x/>")
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def empty_store(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_S3_BUCKET = settings.FILES_S3_ENDPOINT = settings.CLAMD_ADDRESS = ""
    return tmp_path / "files"


@pytest.fixture
def enterprise(db: None) -> Enterprise:
    return _enterprise("91110000600037341L", "晨光机械有限公司")


@pytest.fixture
def neighbour(db: None) -> Enterprise:
    return _enterprise("91310000MA1K35LF0X", "远望电子有限公司")


@pytest.fixture
def clerk(enterprise: Enterprise) -> Actor:
    user = User.objects.create(login="clerk@example.cn", name="李明")
    return Actor(ref=user.ref, user_id=user.pk, name=user.name, enterprise_ids=frozenset({enterprise.pk}))


@pytest.fixture
def keep(enterprise: Enterprise, clerk: Actor) -> Keep:
    """Store bytes as the clerk's upload; any argument of ``documents.store`` may be given."""

    def _keep(content: bytes = PDF, name: str = "营业执照.pdf", **other: object) -> Document:
        facts: dict[str, object] = {
            "key": "licence",
            "enterprise_id": enterprise.pk,
            "origin": Origin.UPLOADED,
            "by": clerk,
            "at": AT,
        }
        return documents.store(io.BytesIO(content), name=name, **(facts | other))  # type: ignore[arg-type]  # facts of mixed kinds

    return _keep


def _enterprise(uscc: str, name: str) -> Enterprise:
    city, _ = Jurisdiction.objects.get_or_create(
        code="2301", defaults={"name_zh": "哈尔滨市", "name_en": "Harbin", "level": Level.CITY}
    )
    return Enterprise.objects.create(uscc=uscc, name=name, jurisdiction=city, registered_at=AT)
