from django.urls import path

from cycles.statements import views

# The page of a statement knows debriefs: hls/pages hangs it here.
urlpatterns = [
    path("cycles/<int:pk>/learned/", views.statement_list, name="statements"),
    path("cycles/<int:pk>/learned/new/", views.statement_new, name="statement_new"),
    path("cycles/<int:pk>/learned/new/draft/", views.statement_new_draft, name="statement_new_draft"),
    path("learned/<int:pk>/edit/", views.statement_edit, name="statement_edit"),
    path("learned/<int:pk>/evidence/", views.evidence_new, name="evidence_new"),
    path("learned/<int:pk>/again/", views.statement_reopen, name="statement_reopen"),
    path("learned/<int:pk>/settle/", views.statement_settle, name="statement_settle"),
    path("learned/evidence/<int:pk>/take-back/", views.evidence_take_back, name="evidence_take_back"),
]
