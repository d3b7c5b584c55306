"""An API client that carries a real token, and what every refusal of the API looks like."""

from typing import Any

from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import User

V1 = "/api/v1"


class Caller:
    """A user calling the API with a token of their own, over the whole stack."""

    def __init__(self, user: User) -> None:
        _stored, token = AuthToken.objects.create(user)
        self.client = APIClient()
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {token}")

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(V1 + path, query)

    def post(self, path: str, body: Any = None) -> Any:
        """A body that holds a file goes as a form."""
        has_file = isinstance(body, dict) and any(hasattr(value, "chunks") for value in body.values())
        return self.client.post(V1 + path, {} if body is None else body, format="multipart" if has_file else "json")

    def post_raw(self, path: str, body: bytes | str, content_type: str = "application/json") -> Any:
        return self.client.post(V1 + path, body, content_type=content_type)


def problem_of(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem a refusal carries; checks the shape every refusal has."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["type"] == f"/api/v1/problems/{code}/"
    told = APIClient().get(problem["type"])
    assert told.status_code == 200, f"{code} is not among the codes the API documents"
    assert problem["title"]
    assert problem["detail"]
    return problem
