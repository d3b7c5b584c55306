"""Every refusal also leaves everything as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps

from core.errors import Refusal

OURS = (
    "accounts", "audit", "cases", "clues", "deadlines", "documents", "exchange", "informants", "notices", "routing",
    "search",
)  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]


def everything() -> Rows:
    """Every row of every table of ours (of the loaded law, whose texts are long, the numbers)."""
    rows: Rows = {}
    for app in OURS:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            wanted = ["pk"] if any(field.name == "text" for field in model._meta.fields) else []
            rows[model._meta.label] = list(model._default_manager.order_by("pk").values(*wanted))
    return rows


@contextmanager
def refused(kind: type[Refusal], code: str = "", field: str | None = None) -> Iterator[None]:
    """What follows is refused in this way, in plain words, and has changed nothing.

    :param code: and ``field``: not compared when left out.
    """
    before = everything()
    with pytest.raises(kind) as caught:
        yield
    assert type(caught.value) is kind
    assert everything() == before
    assert caught.value.detail
    if code:
        codes = {error.code for error in caught.value.errors} | {caught.value.code}
        fields = {error.field for error in caught.value.errors} | {caught.value.field}
        assert code in codes, f"{codes}: {caught.value.detail}"
        assert field is None or field in fields, f"{fields}: {caught.value.detail}"
