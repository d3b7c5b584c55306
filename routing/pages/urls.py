from django.urls import path

from routing.pages import checks, division

urlpatterns = [
    path("", division.division_page, name="division_page"),
    path("categories/", division.category_list, name="category_list"),
    path("coverage/", checks.coverage_page, name="division_coverage"),
    path("try/", checks.try_page, name="division_try"),
]
