from django.urls import path

from cycles.guides import laws, living, views

# The page of one guide counts what debriefs said of it, and a look at them is a debrief: those addresses are in
# hls/pages/urls.py.
urlpatterns = [
    path("cycles/<int:pk>/guides/", views.guides, name="guides"),
    path("teams/<int:pk>/guides/", views.team_guides, name="team_guides"),
    path("guides/<int:pk>/adopt/", views.guide_adopt, name="guide_adopt"),
    path("guides/<int:pk>/decline/", views.guide_decline, name="guide_decline"),
    path("guides/<int:pk>/retire/", views.guide_retire, name="guide_retire"),
    path("teams/<int:pk>/confirm/draft/", living.confirm_draft, name="confirm_draft"),
    path("confirmations/<int:pk>/", living.confirmation, name="confirmation"),
    path("laws/", laws.law_list, name="laws"),
    path("laws/new/", laws.law_new, name="law_new"),
    path("laws/<int:pk>/", laws.law, name="law"),
    path("laws/<int:pk>/edit/", laws.law_edit, name="law_edit"),
]
