from rest_framework.routers import SimpleRouter

from notices.api.views import NoticeViewSet

router = SimpleRouter(use_regex_path=False)
router.register("notices", NoticeViewSet, basename="notice")
urlpatterns = router.urls
