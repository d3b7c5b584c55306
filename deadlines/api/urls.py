from django.urls import path
from rest_framework.routers import SimpleRouter

from deadlines.api.views import ClockViewSet, Due, RuleViewSet

router = SimpleRouter(use_regex_path=False)
router.register("clocks", ClockViewSet, basename="clock")
router.register("rules", RuleViewSet, basename="rule")
urlpatterns = [path("due/", Due.as_view(), name="due"), *router.urls]
