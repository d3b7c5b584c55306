from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import OfficeKind
from accounts.roles import Role
from core.api.inputs import Input, Text


class LogInIn(Input):
    username = Text(max_length=60, allow_blank=False)
    password = Text(max_length=200, allow_blank=False, trim_whitespace=False)


class TokenOut(serializers.Serializer[Any]):
    token = serializers.CharField(help_text=gettext_lazy("只在此处给出一次；请求时写作 Authorization: Token <令牌>"))
    expiry = serializers.DateTimeField(help_text=gettext_lazy("到期后须重新登录"))


class OfficeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()


class OfficeRow(serializers.Serializer[Any]):
    """``bureau`` is the district, corps or department it belongs to (or is); null for the city."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    kind = serializers.ChoiceField(OfficeKind.choices)
    parent_office = serializers.IntegerField(source="parent_id", allow_null=True)
    bureau = serializers.IntegerField(source="bureau_id", allow_null=True)
    region_code = serializers.CharField()
    is_open = serializers.BooleanField()


class PersonOut(serializers.Serializer[Any]):
    """Somebody's post in the office; whoever holds two comes twice. ``id`` is the user's."""

    id = serializers.IntegerField(source="user_id")
    post = serializers.IntegerField(source="id")
    name = serializers.CharField(source="user.name")
    role = serializers.ChoiceField(Role.choices)
    role_label = serializers.CharField(source="get_role_display")


class PostOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    role = serializers.ChoiceField(Role.choices)
    role_label = serializers.CharField(source="get_role_display")
    office = OfficeOut()
    starts_on = serializers.DateField()


class ScopeOut(serializers.Serializer[Any]):
    """Whose rows the user sees: the whole city, or these bureaus and single offices, by number."""

    whole_city = serializers.BooleanField()
    bureaus = serializers.ListField(child=serializers.IntegerField(), source="bureau_ids")
    offices = serializers.ListField(child=serializers.IntegerField(), source="office_ids")


class MeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="user.pk")
    username = serializers.CharField(source="user.username")
    name = serializers.CharField(source="user.name")
    posts = PostOut(many=True, source="user.active_posts")
    scope = ScopeOut()
