from django.urls import path

from documents.api.views import FormListView

urlpatterns = [path("forms/", FormListView.as_view(), name="forms")]
