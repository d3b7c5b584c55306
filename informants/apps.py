"""The check before going into service that informants can be sealed at all."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from informants.sealing import BadKeysError, read_keys


class InformantsConfig(AppConfig):
    name = "informants"


@register(Tags.security, deploy=True)
def keys_can_be_read(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a key no informant can be registered or read; shown without the key itself."""
    try:
        read_keys(settings.INFORMANT_KEYS)
    except BadKeysError as error:
        hint = "INFORMANT_KEYS=id:base64, 32 bytes; make one with: manage.py rotate_informant_keys --new ID"
        return [Error(f"INFORMANT_KEYS cannot be used: {error}.", hint=hint, id="informants.E001")]
    return []
