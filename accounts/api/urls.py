from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api.certificates import CertificateViewSet
from accounts.api.delegations import DelegationViewSet
from accounts.api.views import LogIn, LogOut, LogOutEverywhere, Me, OfficeViewSet

router = SimpleRouter(use_regex_path=False)
router.register("offices", OfficeViewSet, basename="office")
router.register("delegations", DelegationViewSet, basename="delegation")
router.register("certificates", CertificateViewSet, basename="certificate")
urlpatterns = [
    path("auth/token/", LogIn.as_view(), name="token"),
    path("auth/logout/", LogOut.as_view(), name="logout"),
    path("auth/logout-all/", LogOutEverywhere.as_view(), name="logout-all"),
    path("me/", Me.as_view(), name="me"),
    *router.urls,
]
