"""Reading a request: one format, one meaning, a bounded size."""

import json
from collections.abc import Mapping, Sequence
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from core.api.problems import TooLarge


class StrictJSONParser(BaseParser):
    """UTF-8 JSON as RFC 8259 has it: no NaN, no name twice, no nesting that would exhaust the stack."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """:raises TooLarge, ParseError:"""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            return json.loads(body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_each_name_once)
        except UnicodeDecodeError:
            raise ParseError(_("请求内容不是UTF-8编码的文本。")) from None
        except RecursionError:
            raise ParseError(_("JSON嵌套过深。")) from None
        except json.JSONDecodeError as error:
            raise ParseError(
                _("请求内容不是合法的JSON：第%(line)s行第%(column)s列。")
                % {"line": error.lineno, "column": error.colno}
            ) from None
        except ValueError:
            raise ParseError(_("JSON中的数字过长。")) from None  # Python reads integers of at most 4300 digits


class UploadParser(MultiPartParser):
    """A form with files, for the routes that take one; every name comes once, as in JSON."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> "DataAndFiles[Any, Any]":
        """:raises TooLarge, ParseError:"""
        try:
            found = super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise TooLarge from None
        except (TooManyFieldsSent, TooManyFilesSent):
            raise ParseError(_("字段或者文件太多。")) from None
        names = [name for part in (found.data, found.files) for name, values in part.lists() for _each in values]
        if len(names) > len(set(names)):
            for _name, files in found.files.lists():
                for file in files:
                    file.close()
            raise ParseError(_("每个字段和文件只能出现一次。"))
        return found


def _no_constant(name: str) -> NoReturn:
    raise ParseError(_("JSON中不能使用%(name)s。") % {"name": name})


def _each_name_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ParseError(_("JSON中“%(name)s”出现了不止一次。") % {"name": name[:60]})
        found[name] = value
    return found
