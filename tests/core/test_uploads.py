"""Files on their way in: through a form of a verb, through the API, never more than may be kept."""

from contextlib import closing
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.models import User
from core.api.inputs import Input, Text, Upload
from core.api.parsing import UploadParser
from core.api.verbs import given
from core.errors import Invalid
from core.forms import FilesField, VerbForm, Words
from core.pages import VerbPage, answer_verb, form_from

PAGE = VerbPage(title="提交材料", submit="提交", back_url="/")


class PapersForm(VerbForm):
    note = Words(label="说明", required=False)
    uploads = FilesField(label="材料", most=2)


def file(name: str = "a.txt", content: bytes = b"abc") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def posted(user: Any = None, **fields: Any) -> Any:
    request = RequestFactory().post("/", fields)
    request.user = user or User(username="handler", is_active=True)
    return request


def submitted(act: Any, **fields: Any) -> HttpResponse:
    request = posted(**fields)
    with closing(request):
        return answer_verb(request, form_from(request, PapersForm), PAGE, act, template="core/components/form.html")


def test_a_form_takes_several_files_and_hands_them_to_the_verb() -> None:
    taken: dict[str, Any] = {}

    def act(values: dict[str, Any]) -> str:
        taken.update(values)
        return "/"

    assert submitted(act, uploads=[file(), file("b.txt", b"")]).status_code == 302
    assert [(each.name, each.size) for each in taken["uploads"]] == [("a.txt", 3), ("b.txt", 0)]
    assert submitted(act, uploads=file()).status_code == 302


def test_a_form_with_files_says_how_it_is_sent() -> None:
    assert PapersForm().is_multipart()
    assert "multiple" in str(PapersForm()["uploads"])


@pytest.mark.parametrize(("files", "why"), [([], "请选择。"), ([file(), file(), file()], "一次最多选择2个文件。")])
def test_no_file_or_too_many_are_refused(files: list[SimpleUploadedFile], why: str) -> None:
    response = submitted(lambda values: "/", uploads=files)
    assert response.status_code == 400
    assert why in response.content.decode()


def test_files_may_be_left_out_where_they_are_optional() -> None:
    assert FilesField(required=False).clean([]) == []
    assert FilesField(required=False).clean(None) == []


def test_a_refused_form_asks_for_its_files_again() -> None:
    def act(values: dict[str, Any]) -> str:
        raise Invalid("说明不能这样写。", code="bad_note", field="note")

    response = submitted(act, uploads=[file()], note="x")
    assert "表单没有提交成功，请重新选择文件。" in response.content.decode()


@override_settings(FILE_SIZE_LIMIT=2**20)
def test_an_upload_is_kept_no_further_than_the_limit_and_still_tells_its_size() -> None:
    with closing(posted(uploads=file("a.bin", bytes(5 * 2**20)))) as request:
        (upload,) = request.FILES.getlist("uploads")
        assert upload.size == 5 * 2**20
        assert 2**20 < sum(map(len, upload.chunks())) <= 2**20 + 2**16


def test_a_file_of_somebody_who_is_not_logged_in_is_dropped() -> None:
    request = posted(user=AnonymousUser(), uploads=file(), note="x")
    assert (request.POST["note"], len(request.FILES)) == ("x", 0)


class PaperIn(Input):
    upload = Upload()
    note = Text(required=False)


class AsHandler(BaseAuthentication):
    def authenticate(self, request: Any) -> tuple[User, None]:
        return User(username="handler", is_active=True), None


class PaperView(APIView):
    authentication_classes: Any = (AsHandler,)
    permission_classes = ()
    parser_classes = (UploadParser,)

    def post(self, request: Any) -> HttpResponse:
        body = given(PaperIn, request)
        return HttpResponse(f"{body['upload'].name} {body['upload'].size} {body.get('note')}")


class JSONView(PaperView):
    parser_classes = APIView.parser_classes  # type: ignore[assignment]  # what every other route has


def called(view: type[APIView], fields: dict[str, Any], kind: str = "multipart") -> Any:
    with closing(APIRequestFactory().post("/", fields, format=kind)) as request:
        return view.as_view()(request)


def test_the_api_takes_a_file_where_a_route_asks_for_one() -> None:
    answer = called(PaperView, {"upload": file("笔录.txt"), "note": "说明"})
    assert answer.content.decode() == "笔录.txt 3 说明"
    assert called(PaperView, {"upload": file("空.txt", b"")}).content.decode() == "空.txt 0 None"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"upload": [file(), file()]}, "只能出现一次"), ({"upload": file(), "note": ["a", "b"]}, "只能出现一次"),
        ({"upload": file(), "other": "x"}, "unknown_field"), ({"upload": "abc"}, "upload"), ({}, "required"),
    ],
)  # fmt: skip
def test_a_body_with_files_is_as_strict_as_json(fields: dict[str, Any], why: str) -> None:
    answer = called(PaperView, fields)
    assert answer.status_code == 400
    assert why in answer.content.decode()


class OpenView(PaperView):
    authentication_classes = ()


def test_the_api_takes_no_file_of_a_stranger() -> None:
    assert "没有提交任何文件" in called(OpenView, {"upload": file()}).content.decode()


def test_other_routes_take_no_files_and_this_one_no_json() -> None:
    assert called(JSONView, {"upload": file()}).status_code == 415
    assert called(PaperView, {"note": "x"}, kind="json").status_code == 415


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100, DATA_UPLOAD_MAX_NUMBER_FILES=1)
def test_too_much_text_or_too_many_files_are_refused() -> None:
    assert called(PaperView, {"upload": file(), "note": "x" * 200}).status_code == 413
    assert called(PaperView, {"upload": file(), "second": file()}).status_code == 400
