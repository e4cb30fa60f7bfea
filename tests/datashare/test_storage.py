"""Folder and bucket keep the same promises; a wrong configuration is said."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from pytest_django import Settings

from qitong.datashare.storage import FilesystemStore, S3Store, Store, place, problem, store
from qitong.kernel.errors import Refused
from tests.datashare.bucket import KEY_ID, SECRET, Bucket, running

CONTENT = b"abc" * 700_000  # more than one chunk
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)  # it would remember other keys
    with running("qitong") as server:
        yield server


@pytest.fixture
def s3(bucket: Bucket) -> Iterator[S3Store]:
    kept = S3Store(bucket=bucket.name, endpoint=bucket.endpoint)
    yield kept
    kept.client.close()


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FilesystemStore(tmp_path)
    found: S3Store = request.getfixturevalue("s3")
    return found


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


def test_the_bytes_lie_under_their_hash(bucket: Bucket, s3: S3Store) -> None:
    s3.put(io.BytesIO(CONTENT))
    assert bucket.objects == {place(SHA): CONTENT}
    assert bucket.answered == ["PUT 200", "HEAD 200"]


def test_a_bucket_that_keeps_half_of_it_is_an_error(bucket: Bucket, s3: S3Store) -> None:
    bucket.keeps = 5
    with pytest.raises(OSError, match="did not keep"):
        s3.put(io.BytesIO(CONTENT))


def test_a_missing_bucket_is_an_error_not_an_absence(bucket: Bucket, s3: S3Store) -> None:
    s3.bucket = "another"
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.put(io.BytesIO(b"x"))
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.open(SHA)


def test_a_key_that_is_not_accepted_is_an_error_not_an_absence(bucket: Bucket, s3: S3Store) -> None:
    s3.put(io.BytesIO(CONTENT))
    bucket.key_id = "renewed"
    with pytest.raises(ClientError, match="403"):
        s3.exists(SHA, len(CONTENT))
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        s3.open(SHA)


def test_the_bucket_named_by_the_settings_is_used(bucket: Bucket, settings: Settings) -> None:
    settings.FILES_S3_BUCKET, settings.FILES_S3_ENDPOINT = bucket.name, bucket.endpoint
    named = store()
    assert isinstance(named, S3Store)
    named.put(io.BytesIO(CONTENT))
    assert bucket.objects == {place(SHA): CONTENT}
    named.client.close()


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
