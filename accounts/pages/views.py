"""Coming in. Who may, and how often one may try, is decided by the authentication backends."""

from django.contrib.auth.views import LoginView

from accounts.pages.forms import LogInForm


class LogInPage(LoginView):
    template_name = "accounts/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True
