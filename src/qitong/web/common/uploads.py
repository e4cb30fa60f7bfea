"""Files on their way in: to the disk piece by piece, and no more of each than can be accepted."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler

from qitong.datashare.documents import size_limit


class Bounded(FileUploadHandler):
    """First among the upload handlers: what is beyond the limit is read to its end but kept nowhere.

    One piece too many is let through, so that the domain sees that the file is too large and says so
    where the file was chosen; the other fields of the form arrive as they were typed.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if start > size_limit() else raw_data

    def file_complete(self, file_size: int) -> None:
        return None
