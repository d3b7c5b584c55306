from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.pages import certificates, delegations
from accounts.pages.views import LogInPage

urlpatterns = [
    path("login/", LogInPage.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("delegations/", delegations.delegation_list, name="delegation_list"),
    path("delegations/posts/<int:post_id>/new/", delegations.delegation_new, name="delegation_new"),
    path("delegations/<int:delegation_id>/revoke/", delegations.delegation_revoke, name="delegation_revoke"),
    path("certificates/", certificates.certificate_list, name="certificate_list"),
    path("certificates/people/<int:user_id>/", certificates.certificate_person_page, name="certificate_person_page"),
    path("certificates/people/<int:user_id>/issue/", certificates.certificate_issue, name="certificate_issue"),
    path("certificates/<int:certificate_id>/revoke/", certificates.certificate_revoke, name="certificate_revoke"),
]
