from django.urls import path

from routing.api import views

urlpatterns = [
    path("categories/", views.Categories.as_view(), name="categories"),
    path("flags/", views.Flags.as_view(), name="flags"),
    path("regions/", views.Regions.as_view(), name="regions"),
    path("routing/rules/", views.Rules.as_view(), name="routing-rules"),
    path("routing/decide/", views.Decide.as_view(), name="routing-decide"),
]
