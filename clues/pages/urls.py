from django.urls import path

from clues.pages import lists, matter, verbs

urlpatterns = [
    path("", lists.lead_list, name="lead_list"),
    path("new/", verbs.log, name="lead_new"),
    path("<int:lead_id>/", matter.lead_page, name="lead_page"),
    path("<int:lead_id>/assign/", verbs.assign, name="lead_assign"),
    path("<int:lead_id>/extend/", verbs.extend, name="lead_extend"),
    path("<int:lead_id>/exclude/", verbs.exclude, name="lead_exclude"),
    path("<int:lead_id>/report/", verbs.report, name="lead_report"),
    path("<int:lead_id>/send_back/", verbs.send_back, name="lead_send_back"),
    path("<int:lead_id>/decline/", verbs.decline, name="lead_decline"),
    path("<int:lead_id>/transfer/", verbs.transfer, name="lead_transfer"),
]
