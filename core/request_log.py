"""One structured line per request: who by number, what, how long. No names, no addresses, no query strings."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("request")


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.bind_contextvars(request_id=str(uuid.uuid4()))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                route=match.view_name if match else None,
                status=response.status_code,
                user_id=getattr(getattr(request, "user", None), "pk", None),
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        finally:
            structlog.contextvars.clear_contextvars()
        return response
