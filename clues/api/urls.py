from rest_framework.routers import SimpleRouter

from clues.actions.papers import DESK
from clues.api.disputes import DisputeViewSet
from clues.api.views import LeadViewSet
from documents.api.papers import paper_urls

router = SimpleRouter(use_regex_path=False)
router.register("leads", LeadViewSet, basename="lead")
router.register("disputes", DisputeViewSet, basename="dispute")
urlpatterns = [*paper_urls(DESK), *router.urls]
