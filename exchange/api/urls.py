from rest_framework.routers import SimpleRouter

from exchange.api.views import ImportViewSet

router = SimpleRouter(use_regex_path=False)
router.register("imports", ImportViewSet, basename="import")
urlpatterns = router.urls
