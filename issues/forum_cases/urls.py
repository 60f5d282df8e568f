from django.urls import path

from issues.forum_cases import views

urlpatterns = [
    path("people/<int:pk>/forum/", views.bring, name="forum_bring"),
    path("people/<int:pk>/forum/draft/", views.bring_draft, name="forum_bring_draft"),
    path("forum-cases/<int:pk>/", views.forum_case, name="forum_case"),
    path("forum-cases/<int:pk>/change/", views.change, name="forum_change"),
    path("forum-cases/<int:pk>/plan/", views.plan, name="forum_plan"),
    path("forum-cases/<int:pk>/risks/", views.risks, name="forum_risks"),
    path("forum-cases/<int:pk>/state/", views.state, name="forum_state"),
    path("forum-cases/<int:pk>/consent/", views.consent, name="forum_consent"),
    path("forum-cases/<int:pk>/pattern/", views.pattern, name="forum_pattern"),
]
