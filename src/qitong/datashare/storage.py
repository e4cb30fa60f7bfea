"""Where the bytes lie: under their SHA-256, in a folder or in an S3 bucket (docs/recipes/add-a-storage.md).

What is configured is used, and only that: a bucket that cannot be reached is an error, never a
reason to write somewhere else.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, cast

from django.conf import settings

from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say

CHUNK = 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")


class Store(Protocol):
    """What a storage must do. ``put`` is all or nothing: when it returns, the bytes are durable."""

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Store what is left in ``stream``; its SHA-256 (64 hex digits) and size in bytes."""

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, to be closed by the caller. Raises ``FileNotFoundError``."""

    def exists(self, sha256: str, size: int) -> bool:
        """Whether the bytes are there in full."""

    def delete(self, sha256: str) -> None:
        """Forget the bytes; nothing happens when they are not there."""


def store() -> Store:
    """The storage the settings name; refused with ``not_configured`` when they name none or contradict."""
    if sentence := problem():
        raise Refused(sentence, code="not_configured")
    if settings.FILES_S3_BUCKET:
        return S3Store(bucket=settings.FILES_S3_BUCKET, endpoint=settings.FILES_S3_ENDPOINT)
    return FilesystemStore(Path(settings.FILES_DIR))


def problem() -> Sentence:
    """What is wrong with the configuration of the storage; empty when nothing is."""
    if settings.FILES_S3_ENDPOINT and not settings.FILES_S3_BUCKET:
        return say(
            "文件存储尚未配置完整：填写了 {endpoint}，但没有填写 {bucket}。",
            endpoint="QITONG_S3_ENDPOINT",
            bucket="QITONG_S3_BUCKET",
        )
    if settings.FILES_S3_BUCKET:
        try:
            import boto3  # noqa: F401  (only whether the optional extra is installed)
        except ImportError:
            return say(
                "文件存储尚未配置完整：使用 S3 需要安装附加组件 {extra}，或清空 {bucket} 改用文件夹。",
                extra="qitong[s3]",
                bucket="QITONG_S3_BUCKET",
            )
    elif not settings.FILES_DIR:
        return say(
            "文件存储尚未配置：请设置 {folder} 或 {bucket}。", folder="QITONG_DATA", bucket="QITONG_S3_BUCKET"
        )
    return NOTHING


def place(sha256: str) -> str:
    """``ab/cd/abcd…``: no folder grows beyond what a file system likes."""
    if not _HASH.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _copy(stream: BinaryIO, target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(stream):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FilesystemStore:
    """A folder: written beside its place, synced, then renamed into it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        incoming = self.root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(handle, "wb") as target:
                sha256, size = _copy(stream, target)
                target.flush()
                os.fsync(target.fileno())
            final = self.root / place(sha256)
            final.parent.mkdir(parents=True, exist_ok=True)
            Path(name).replace(final)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        for folder in (final.parent, final.parent.parent, self.root):
            _sync_folder(folder)
        return sha256, size

    def open(self, sha256: str) -> BinaryIO:
        return (self.root / place(sha256)).open("rb")

    def exists(self, sha256: str, size: int) -> bool:
        try:
            return (self.root / place(sha256)).stat().st_size == size
        except FileNotFoundError:
            return False

    def delete(self, sha256: str) -> None:
        (self.root / place(sha256)).unlink(missing_ok=True)


class S3Store:
    """A bucket of any S3-compatible service; credentials come from the usual AWS variables."""

    def __init__(self, *, bucket: str, endpoint: str = "") -> None:
        import boto3
        from botocore.config import Config

        self.bucket = bucket
        # Many compatible services do not know the newer checksums that the client would send by default.
        config = Config(
            connect_timeout=5,
            read_timeout=30,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self.client: Any = boto3.client("s3", endpoint_url=endpoint or None, config=config)

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        with tempfile.TemporaryFile() as whole:
            sha256, size = _copy(stream, whole)
            whole.seek(0)
            self.client.put_object(Bucket=self.bucket, Key=place(sha256), Body=whole, ContentLength=size)
        if not self.exists(sha256, size):
            raise OSError(f"the bucket did not keep {sha256}")
        return sha256, size

    def open(self, sha256: str) -> BinaryIO:
        from botocore.exceptions import ClientError

        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=place(sha256))
        except ClientError as error:
            if _is_absence(error):
                raise FileNotFoundError(sha256) from error
            raise
        return cast(BinaryIO, answer["Body"])

    def exists(self, sha256: str, size: int) -> bool:
        from botocore.exceptions import ClientError

        try:
            answer = self.client.head_object(Bucket=self.bucket, Key=place(sha256))
        except ClientError as error:
            if _is_absence(error):
                return False
            raise
        return bool(answer["ContentLength"] == size)

    def delete(self, sha256: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=place(sha256))


def _is_absence(error: Any) -> bool:
    """A missing object, and only that: no access or no bucket must not look like absence."""
    return error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}
