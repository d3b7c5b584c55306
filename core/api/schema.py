"""What the OpenAPI document says beyond the views: the problems every operation may answer with."""

from typing import Any

from core.api.problems import MEDIA_TYPE, TITLES

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "拒绝办理的说明（RFC 9457）。code是稳定的；detail写给人看；errors逐项指出请求体中的字段（pointer）或者查询参数（parameter）。",
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
        possible |= {403, 409}
    if "requestBody" in operation:
        possible |= {400, 413, 415}
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
