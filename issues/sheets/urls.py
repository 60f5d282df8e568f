from django.urls import path

from issues.sheets import views

urlpatterns = [
    path("issues/export.csv", views.export_csv, name="export_csv"),
    path("issues/export.xlsx", views.export_xlsx, name="export_xlsx"),
    path("issues/import/", views.import_log, name="import"),
    path("issues/import/empty.xlsx", views.empty_log, name="import_empty"),
    path("issues/import/<uuid:token>/", views.check, name="import_check"),
    path("issues/import/<uuid:token>/confirm/", views.confirm, name="import_confirm"),
    path("issues/import/<uuid:token>/throw-away/", views.throw_away, name="import_throw_away"),
    path("issues/import/<uuid:token>/done/", views.done, name="import_done"),
]
