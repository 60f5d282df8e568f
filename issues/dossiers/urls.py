from django.urls import path

from issues.dossiers import outside, views

urlpatterns = [
    path("issues/<slug:ref>/dossier/", views.dossier, name="dossier"),
    path("issues/<slug:ref>/dossier/edit/", views.write, name="dossier_edit"),
    path("issues/<slug:ref>/dossier/before/", views.before, name="dossier_before"),
    path("issues/<slug:ref>/dossier/paper/", views.make_paper, name="dossier_paper"),
    path("issues/<slug:ref>/dossier.pdf", views.pdf, name="dossier_pdf"),
    path("issues/<slug:ref>/dossier/links/", views.share, name="dossier_share"),
    path("outside-links/", views.links, name="outside_links"),
    path("outside-links/<int:pk>/end/", views.end, name="outside_end"),
    path("outside/<str:token>/", outside.read, name="outside"),
]
