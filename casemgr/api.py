"""/api/: version 1 of every app, its OpenAPI document and browsable reference; any other address is a problem."""

from django.contrib.auth.decorators import login_not_required, login_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from casemgr.party_api import PartyView
from casemgr.problem_types import ProblemTypeViewSet
from core.api.problems import unknown_address


class Reference(SpectacularSwaggerSplitView):
    """Swagger UI from the installed package; its page carries no inline style or script, as the CSP demands."""

    template_name = "casemgr/api_docs.html"
    url_name = "api:schema"


problem_types = SimpleRouter(use_regex_path=False)
problem_types.register("problems", ProblemTypeViewSet, basename="problem")

version_1: list[URLPattern | URLResolver] = [
    path("", include("accounts.api.urls")),
    path("", include("clues.api.urls")),
    path("", include("cases.api.urls")),
    path("", include("exchange.api.urls")),
    path("", include("deadlines.api.urls")),
    path("", include("documents.api.urls")),
    path("", include("informants.api.urls")),
    path("", include("notices.api.urls")),
    path("", include("routing.api.urls")),
    path("parties/", PartyView.as_view(), name="parties"),
    *problem_types.urls,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(Reference.as_view()), name="docs"),
]

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(version_1)),
    re_path("", login_not_required(unknown_address), name="unknown"),  # whatever is left, line breaks too
]
