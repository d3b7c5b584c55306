"""Handing out a stored file. There is no address for files as such: a page serves one after its matter's gate."""

from django.http import FileResponse

from documents.file_types import IMAGES
from documents.models import StoredFile
from documents.queries import open_content

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
    response = FileResponse(
        open_content(file), as_attachment=is_download, filename=file.name, content_type=file.media_type
    )
    for name, value in HEADERS.items():
        response[name] = value
    return response
