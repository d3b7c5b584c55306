"""Receiving uploads: in pieces into a temporary file, never more of one than may be kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps one piece beyond the limit, by which the verb sees that the file is too large, and drops what follows.

    Files from people who are not logged in are dropped at once: forms are read before a page can ask who sends them.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.FILE_SIZE_LIMIT:
            super().receive_data_chunk(raw_data, start)
