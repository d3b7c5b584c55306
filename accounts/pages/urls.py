from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.pages.views import LogInPage

urlpatterns = [
    path("login/", LogInPage.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
]
