"""/api/: version 1 of every app, its OpenAPI document and browsable reference; any other address is a problem."""

from django.contrib.auth.decorators import login_not_required, login_required
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.api.problems import unknown_address

version_1: list[URLPattern | URLResolver] = [
    path("", include("accounts.api.urls")),
    path("", include("clues.api.urls")),
    path("", include("cases.api.urls")),
    path("", include("deadlines.api.urls")),
    path("", include("notices.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(SpectacularSwaggerSplitView.as_view(url_name="api:schema")), name="docs"),
]

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(version_1)),
    path("", login_not_required(unknown_address), name="root"),
    path("<path:rest>", login_not_required(unknown_address), name="unknown"),
]
