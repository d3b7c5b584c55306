from django.urls import path

from notices.pages import views

urlpatterns = [
    path("", views.notice_list, name="notice_list"),
    path("read/", views.read_all, name="notice_read_all"),
    path("<int:notice_id>/read/", views.read_one, name="notice_read"),
]
