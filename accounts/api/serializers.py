from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import Office, Post
from accounts.roles import Role
from core.api.inputs import Input, Text


class LogInIn(Input):
    username = Text(max_length=60, allow_blank=False)
    password = Text(max_length=200, allow_blank=False, trim_whitespace=False)


class TokenOut(serializers.Serializer[Any]):
    token = serializers.CharField(help_text=gettext_lazy("只在此处给出一次；请求时写作 Authorization: Token <令牌>"))
    expiry = serializers.DateTimeField(help_text=gettext_lazy("到期后须重新登录"))


class OfficeOut(serializers.Serializer[Office]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()


class PostOut(serializers.Serializer[Post]):
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
