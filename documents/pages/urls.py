from django.urls import path

from documents.pages import pairs, templates

urlpatterns = [
    path("pairs/", pairs.pair_list, name="pair_list"),
    path("templates/", templates.template_list, name="template_list"),
    path("templates/<slug:form>/", templates.template_page, name="template_page"),
    path("templates/<slug:form>/new/", templates.template_new, name="template_new"),
    path("templates/<slug:form>/retire/", templates.template_retire, name="template_retire"),
    path("templates/files/<int:template_id>/", templates.template_download, name="template_download"),
]
