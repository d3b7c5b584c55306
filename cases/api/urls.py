from typing import Any

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from cases.actions.papers import DESK
from cases.api.approvals import ApprovalViewSet
from cases.api.casefile import CaseFileViewSet
from cases.api.chains import ApprovalChains
from cases.api.discretion import DiscretionStandards, Thresholds
from cases.api.duties import DutiesViewSet
from cases.api.evidence import EvidenceViewSet
from cases.api.measures import MeasureViewSet
from cases.api.money import MoneyViewSet
from cases.api.service import ServiceViewSet
from cases.api.views import CaseViewSet
from documents.api.papers import paper_urls

router = SimpleRouter(use_regex_path=False)
router.register("cases", CaseViewSet, basename="case")
router.register("approvals", ApprovalViewSet, basename="approval")
router.register("money", MoneyViewSet, basename="money")
router.register("evidence", EvidenceViewSet, basename="evidence")
router.register("measures", MeasureViewSet, basename="measure")


def at(place: str, views: type[GenericViewSet[Any]], name: str, **methods: str) -> URLPattern:
    """An address beside those the router makes of a viewset: which of its functions answers which method."""
    return path(place, views.as_view({**methods}), name=name)


urlpatterns = [
    at("cases/on_spot/", CaseViewSet, "case-on-spot", post="decide_on_spot"),
    at("leads/<int:lead_id>/file/", CaseViewSet, "lead-file", post="file"),
    at("cases/<int:pk>/ask_approval/", ApprovalViewSet, "case-ask-approval", post="ask"),
    at("leads/<int:pk>/ask_approval/", ApprovalViewSet, "lead-ask-approval", post="ask_to_file"),
    at("cases/<int:pk>/recusals/", DutiesViewSet, "case-recusals", get="recusals"),
    at("cases/<int:pk>/recusals/ask/", DutiesViewSet, "case-ask-recusal", post="ask"),
    at("cases/<int:pk>/recusals/<int:recusal_id>/grant/", DutiesViewSet, "case-grant-recusal", post="grant"),
    at("cases/<int:pk>/recusals/<int:recusal_id>/refuse/", DutiesViewSet, "case-refuse-recusal", post="refuse"),
    at("cases/<int:pk>/reviews/", DutiesViewSet, "case-reviews", get="reviews"),
    at("cases/<int:pk>/files/", CaseFileViewSet, "case-files", get="made", post="ask"),
    at("cases/<int:pk>/files/<int:file_id>/<slug:part>/", CaseFileViewSet, "case-file-download", get="download"),
    *paper_urls(DESK),
    at("cases/<int:pk>/services/", ServiceViewSet, "case-services", get="made", post="serve"),
    at(
        "cases/<int:pk>/services/<int:service_id>/complete/",
        ServiceViewSet,
        "case-complete-announcement",
        post="complete",
    ),
    at("cases/<int:pk>/services/<int:service_id>/void/", ServiceViewSet, "case-void-service", post="void"),
    at("cases/<int:pk>/addresses/", ServiceViewSet, "case-confirm-address", post="confirm_address"),
    at("cases/<int:case_id>/evidence/", EvidenceViewSet, "case-evidence", get="of_case", post="add"),
    at("cases/<int:case_id>/evidence/adopt/", EvidenceViewSet, "case-adopt-evidence", post="adopt"),
    at("cases/<int:case_id>/recordings/", EvidenceViewSet, "case-recordings", get="recordings", post="record"),
    at("cases/<int:case_id>/measures/", MeasureViewSet, "case-measures", get="of_case", post="order"),
    at("cases/<int:case_id>/measures/urgent/", MeasureViewSet, "case-take-urgent-measure", post="take_urgent"),
    path("approval_chains/", ApprovalChains.as_view(), name="approval-chains"),
    path("discretion_standards/", DiscretionStandards.as_view(), name="discretion-standards"),
    path("thresholds/", Thresholds.as_view(), name="thresholds"),
    *router.urls,
]
