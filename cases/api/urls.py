from django.urls import path
from rest_framework.routers import SimpleRouter

from cases.api.views import CaseViewSet

router = SimpleRouter(use_regex_path=False)
router.register("cases", CaseViewSet, basename="case")
urlpatterns = [
    path("leads/<int:lead_id>/file/", CaseViewSet.as_view({"post": "file"}), name="lead-file"),
    *router.urls,
]
