from django.urls import path

from cases.pages import lists, matter, verbs

urlpatterns = [
    path("", lists.case_list, name="case_list"),
    path("file/<int:lead_id>/", verbs.file, name="case_file"),
    path("of-lead/<int:lead_id>/", lists.case_of_lead, name="case_of_lead"),
    path("<int:case_id>/", matter.case_page, name="case_page"),
    path("<int:case_id>/files/<int:file_id>/", matter.download, name="case_download"),
    path("<int:case_id>/suspend/", verbs.suspend, name="case_suspend"),
    path("<int:case_id>/resume/", verbs.resume, name="case_resume"),
    path("<int:case_id>/extend/", verbs.extend, name="case_extend"),
    path("<int:case_id>/exclude/", verbs.exclude, name="case_exclude"),
    path("<int:case_id>/reassign/", verbs.reassign, name="case_reassign"),
    path("<int:case_id>/conclude/", verbs.conclude, name="case_conclude"),
    path("<int:case_id>/pass_review/", verbs.pass_review, name="case_pass_review"),
    path("<int:case_id>/return_review/", verbs.return_review, name="case_return_review"),
    path("<int:case_id>/notify/", verbs.notify, name="case_notify"),
    path("<int:case_id>/decide/", verbs.decide, name="case_decide"),
    path("<int:case_id>/serve/", verbs.serve, name="case_serve"),
    path("<int:case_id>/record_payment/", verbs.record_payment, name="case_record_payment"),
    path("<int:case_id>/close/", verbs.close, name="case_close"),
]
