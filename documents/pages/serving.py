"""Handing out a stored file. There is no address for files as such: a page serves one after its matter's gate."""

from typing import IO

from django.http import FileResponse

from documents.file_types import IMAGES
from documents.models import StoredFile
from documents.queries.files import open_content

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def served(file: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as a download under its own name; ``inline`` shows a picture in the browser, nothing else.

    :raises WrongState: ``file_altered``, ``file_missing``.
    """
    is_download = not (inline and file.media_type in IMAGES)
    return _guarded(open_content(file), file.name, file.media_type, is_download=is_download)


def served_bytes(content: IO[bytes], name: str, media_type: str) -> FileResponse:
    """What was made from a stored file just now, such as its PDF, as a download."""
    return _guarded(content, name, media_type, is_download=True)


def _guarded(content: IO[bytes], name: str, media_type: str, *, is_download: bool) -> FileResponse:
    response = FileResponse(content, as_attachment=is_download, filename=name, content_type=media_type)
    for header, value in HEADERS.items():
        response[header] = value
    return response
