"""What the OpenAPI document says beyond the views: the problems every operation may answer with, and closed bodies."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.plumbing import get_lib_doc_excludes

from core.api.inputs import Input
from core.api.problems import MEDIA_TYPE, TITLES
from core.api.verbs import MatterViewSet

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": gettext_lazy(
        "拒绝办理的说明（RFC 9457）。code是稳定的；detail写给人看；errors逐项指出请求体中的字段（pointer）或者查询参数（parameter）。"
    ),
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "parameter": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def classes_without_reference() -> list[type]:
    """Classes whose docstrings are for us and not for callers."""
    return [*get_lib_doc_excludes(), Input, MatterViewSet]  # type: ignore[no-untyped-call]  # the library is untyped


def close_bodies(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """The postprocessing hook that says what :class:`Input` does: no other fields."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for media in operation.get("requestBody", {"content": {}})["content"].values():
                name = media["schema"]["$ref"].rsplit("/", 1)[1]
                result["components"]["schemas"][name]["additionalProperties"] = False
    return result


def document_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """The postprocessing hook: every operation gets the refusals its shape makes possible."""
    components = result["components"]
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {_name(status): _response(status) for status in sorted(TITLES) if status != 405}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in sorted(_possible(path, method, operation)):
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}
    return result


def _possible(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    possible = {401, 406}
    if method == "post":
        possible |= {400, 403, 409, 413, 415}
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        possible.add(400)
    if "{" in path:
        possible.add(404)
    if "x-throttled" in operation:
        possible.add(429)
    return possible


def _name(status: int) -> str:
    return f"Problem{status}"


def _response(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": str(TITLES[status]), "content": {MEDIA_TYPE: {"schema": schema}}}
