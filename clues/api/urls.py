from rest_framework.routers import SimpleRouter

from clues.api.views import LeadViewSet

router = SimpleRouter(use_regex_path=False)
router.register("leads", LeadViewSet, basename="lead")
urlpatterns = router.urls
