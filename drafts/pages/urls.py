from django.urls import path

from drafts.pages import views

urlpatterns = [
    path("", views.draft_list, name="draft_list"),
    path("save/", views.draft_save, name="draft_save"),
    path("<int:draft_id>/discard/", views.draft_discard, name="draft_discard"),
]
