from django.urls import path

from clues.pages import bulk, custody, decisions, intake, lists, matter, verification

urlpatterns = [
    path("", lists.lead_list, name="lead_list"),
    path("new/", intake.log, name="lead_new"),
    path("assign/", bulk.bulk_assign, name="lead_bulk_assign"),
    path("views/", lists.view_save, name="lead_view_save"),
    path("views/<int:view_id>/forget/", lists.view_forget, name="lead_view_forget"),
    path("<int:lead_id>/", matter.lead_page, name="lead_page"),
    path("<int:lead_id>/assign/", custody.assign, name="lead_assign"),
    path("<int:lead_id>/extend/", verification.extend, name="lead_extend"),
    path("<int:lead_id>/exclude/", verification.exclude, name="lead_exclude"),
    path("<int:lead_id>/report/", verification.report, name="lead_report"),
    path("<int:lead_id>/send_back/", verification.send_back, name="lead_send_back"),
    path("<int:lead_id>/decline/", decisions.decline, name="lead_decline"),
    path("<int:lead_id>/transfer/", decisions.transfer, name="lead_transfer"),
]
