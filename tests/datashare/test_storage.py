"""Folder and bucket keep the same promises; a wrong configuration is said."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from pytest_django import Settings

from qitong.datashare.storage import FilesystemStore, S3Store, Store, problem, store
from qitong.kernel.errors import Refused

CONTENT = b"abc" * 700_000  # more than one chunk
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="qitong")
        yield "qitong"


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FilesystemStore(tmp_path)
    return S3Store(bucket=request.getfixturevalue("bucket"))


def test_what_is_put_can_be_read_again(kept: Store) -> None:
    assert kept.put(io.BytesIO(CONTENT)) == (SHA, len(CONTENT))
    with kept.open(SHA) as stream:
        assert stream.read() == CONTENT


def test_putting_twice_is_putting_once(kept: Store) -> None:
    assert kept.put(io.BytesIO(CONTENT)) == kept.put(io.BytesIO(CONTENT))


def test_half_a_file_does_not_exist(kept: Store) -> None:
    kept.put(io.BytesIO(CONTENT))
    assert kept.exists(SHA, len(CONTENT))
    assert not kept.exists(SHA, len(CONTENT) + 1)


def test_what_is_deleted_is_gone_and_may_be_deleted_again(kept: Store) -> None:
    kept.put(io.BytesIO(CONTENT))
    kept.delete(SHA)
    kept.delete(SHA)
    assert not kept.exists(SHA, len(CONTENT))
    with pytest.raises(FileNotFoundError):
        kept.open(SHA)


class Broken(io.BytesIO):
    """An upload whose connection drops after the first chunk."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError):
        FilesystemStore(tmp_path).put(Broken(CONTENT))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_hash_that_is_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        FilesystemStore(tmp_path).open("../../etc/passwd")


def test_a_missing_bucket_is_an_error_not_an_absence(bucket: str) -> None:
    with pytest.raises(ClientError):
        S3Store(bucket="another").put(io.BytesIO(b"x"))


def test_the_bucket_named_by_the_settings_is_used(bucket: str, settings: Settings) -> None:
    settings.FILES_S3_BUCKET = bucket
    assert isinstance(store(), S3Store)


def test_an_endpoint_without_a_bucket_is_said(settings: Settings) -> None:
    settings.FILES_S3_ENDPOINT = "https://s3.example.cn"
    with pytest.raises(Refused, match="尚未配置完整") as refusal:
        store()
    assert refusal.value.code == "not_configured"


def test_a_bucket_without_the_extra_names_the_extra(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILES_S3_BUCKET = "qitong"
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert "qitong[s3]" in str(problem())


def test_no_place_at_all_is_said(settings: Settings) -> None:
    settings.FILES_DIR = ""
    assert "QITONG_DATA" in str(problem())
