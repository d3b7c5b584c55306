from django.urls import path

from exchange.pages import exports, imports

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:import_id>/", imports.import_page, name="import_page"),
    path("imports/<int:import_id>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:import_id>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:import_id>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:import_id>/problems/", imports.import_problems, name="import_problems"),
    path("leads/template/", exports.lead_template, name="lead_template"),
]
