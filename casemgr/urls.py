from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from casemgr import health, home, party, routing_trial, search
from clues.pages.filters import LeadFilter
from exchange.pages.exports import lead_export

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("parties/", party.party_page, name="party_page"),
    path("healthz", health.healthz, name="healthz"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("accounts.pages.urls")),
    path("api/", include("casemgr.api")),
    path("notices/", include("notices.pages.urls")),
    path("drafts/", include("drafts.pages.urls")),
    path("", include("deadlines.pages.urls")),
    path("routing/dry-run/", routing_trial.division_trial, name="division_trial"),
    path("routing/", include("routing.pages.urls")),
    path("informants/", include("informants.pages.urls")),
    path("exchange/leads/export/", lead_export, {"filter_form": LeadFilter}, name="lead_export"),
    path("exchange/", include("exchange.pages.urls")),
    path("papers/", include("documents.pages.urls")),
    path("leads/", include("clues.pages.urls")),
    path("cases/", include("cases.pages.urls")),
]
