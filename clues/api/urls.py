from rest_framework.routers import SimpleRouter

from clues.api.disputes import DisputeViewSet
from clues.api.views import LeadViewSet

router = SimpleRouter(use_regex_path=False)
router.register("leads", LeadViewSet, basename="lead")
router.register("disputes", DisputeViewSet, basename="dispute")
urlpatterns = router.urls
