from django.urls import path

from documents.api.pairs import PairListView
from documents.api.views import FormListView

urlpatterns = [
    path("forms/", FormListView.as_view(), name="forms"),
    path("pairs/", PairListView.as_view(), name="pairs"),
]
