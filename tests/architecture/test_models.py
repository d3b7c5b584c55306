"""Tables: names that say what they hold, and no rule twice."""

import re
from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from casemgr.reference import APPS

POSTGRES_LIMIT = 63
INDEX_LIMIT = 30


def own_models() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model._meta.app_label in APPS)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def test_every_constraint_and_index_has_a_name_of_its_own() -> None:
    names = Counter(row.name for model in own_models() for row in (*model._meta.constraints, *model._meta.indexes))
    twice = [name for name, count in names.items() if count > 1]
    assert not twice, f"the database keeps one name once: {twice}"


def test_every_constraint_and_index_is_named_after_its_model_and_fits() -> None:
    for model in own_models():
        for row in (*model._meta.constraints, *model._meta.indexes):
            longest = INDEX_LIMIT if isinstance(row, models.Index) else POSTGRES_LIMIT
            assert len(row.name) <= longest, f"{row.name} would be cut to {longest} characters and clash"
            prefix = snake(model.__name__)
            assert row.name.startswith(f"{prefix}_"), (
                f"{row.name}: name it {prefix}_<fact>, so that an error explains itself"
            )


def test_no_table_points_at_anything_generic() -> None:
    for model in own_models():
        names = {field.name for field in model._meta.get_fields()}
        assert not names & {"content_type", "object_id"}, f"{model.__name__}: name the subject (docs/adr/0001)"


def test_a_moment_ends_in_at_and_a_day_in_on() -> None:
    for model in own_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField):
                fits = field.name == "at" or field.name.endswith(("_at", "expiry", "created", "last_login"))
                assert fits, f"{model.__name__}.{field.name} is a moment: name it …_at"
            elif isinstance(field, models.DateField):
                fits = field.name.endswith(("_on", "_before", "_after"))
                assert fits, f"{model.__name__}.{field.name} is a day: name it …_on"


def test_no_foreign_key_takes_rows_of_the_matter_with_it() -> None:
    """What belongs to one row alone may go with it; people, offices and matters never disappear under others."""
    for model in own_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                owned = snake(model.__name__).startswith(snake(field.related_model.__name__)) or field.name == "report"
                allowed = (models.PROTECT, models.CASCADE) if owned or field.name == "clock" else (models.PROTECT,)
                assert field.remote_field.on_delete in allowed, f"{model.__name__}.{field.name} must be PROTECT"
