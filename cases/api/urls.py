from django.urls import path
from rest_framework.routers import SimpleRouter

from cases.actions.papers import DESK
from cases.api.approvals import ApprovalViewSet
from cases.api.casefile import CaseFileViewSet
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
urlpatterns = [
    path("cases/on_spot/", CaseViewSet.as_view({"post": "decide_on_spot"}), name="case-on-spot"),
    path("leads/<int:lead_id>/file/", CaseViewSet.as_view({"post": "file"}), name="lead-file"),
    path("cases/<int:pk>/ask_approval/", ApprovalViewSet.as_view({"post": "ask"}), name="case-ask-approval"),
    path("leads/<int:pk>/ask_approval/", ApprovalViewSet.as_view({"post": "ask_to_file"}), name="lead-ask-approval"),
    path("cases/<int:pk>/recusals/", DutiesViewSet.as_view({"get": "recusals"}), name="case-recusals"),
    path("cases/<int:pk>/recusals/ask/", DutiesViewSet.as_view({"post": "ask"}), name="case-ask-recusal"),
    path(
        "cases/<int:pk>/recusals/<int:recusal_id>/grant/",
        DutiesViewSet.as_view({"post": "grant"}),
        name="case-grant-recusal",
    ),
    path(
        "cases/<int:pk>/recusals/<int:recusal_id>/refuse/",
        DutiesViewSet.as_view({"post": "refuse"}),
        name="case-refuse-recusal",
    ),
    path("cases/<int:pk>/reviews/", DutiesViewSet.as_view({"get": "reviews"}), name="case-reviews"),
    path("cases/<int:pk>/files/", CaseFileViewSet.as_view({"get": "made", "post": "ask"}), name="case-files"),
    path(
        "cases/<int:pk>/files/<int:file_id>/<slug:part>/",
        CaseFileViewSet.as_view({"get": "download"}),
        name="case-file-download",
    ),
    *paper_urls(DESK),
    path("cases/<int:pk>/services/", ServiceViewSet.as_view({"get": "made", "post": "serve"}), name="case-services"),
    path(
        "cases/<int:pk>/services/<int:service_id>/complete/",
        ServiceViewSet.as_view({"post": "complete"}),
        name="case-complete-announcement",
    ),
    path(
        "cases/<int:pk>/services/<int:service_id>/void/",
        ServiceViewSet.as_view({"post": "void"}),
        name="case-void-service",
    ),
    path(
        "cases/<int:pk>/addresses/",
        ServiceViewSet.as_view({"post": "confirm_address"}),
        name="case-confirm-address",
    ),
    path(
        "cases/<int:case_id>/evidence/",
        EvidenceViewSet.as_view({"get": "of_case", "post": "add"}),
        name="case-evidence",
    ),
    path("cases/<int:case_id>/evidence/adopt/", EvidenceViewSet.as_view({"post": "adopt"}), name="case-adopt-evidence"),
    path(
        "cases/<int:case_id>/recordings/",
        EvidenceViewSet.as_view({"get": "recordings", "post": "record"}),
        name="case-recordings",
    ),
    path(
        "cases/<int:case_id>/measures/",
        MeasureViewSet.as_view({"get": "of_case", "post": "order"}),
        name="case-measures",
    ),
    path(
        "cases/<int:case_id>/measures/urgent/",
        MeasureViewSet.as_view({"post": "take_urgent"}),
        name="case-take-urgent-measure",
    ),
    *router.urls,
]
