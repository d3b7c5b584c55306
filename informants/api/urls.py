from rest_framework.routers import SimpleRouter

from informants.api.views import InformantViewSet, OpeningViewSet, RewardViewSet

router = SimpleRouter(use_regex_path=False)
router.register("informants", InformantViewSet, basename="informant")
router.register("openings", OpeningViewSet, basename="opening")
router.register("rewards", RewardViewSet, basename="reward")
urlpatterns = router.urls
