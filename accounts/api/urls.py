from django.urls import path

from accounts.api.views import LogIn, LogOut, LogOutEverywhere, Me

urlpatterns = [
    path("auth/token/", LogIn.as_view(), name="token"),
    path("auth/logout/", LogOut.as_view(), name="logout"),
    path("auth/logout-all/", LogOutEverywhere.as_view(), name="logout-all"),
    path("me/", Me.as_view(), name="me"),
]
