from django.urls import path

from issues.patterns import views

urlpatterns = [
    path("patterns/new/", views.new_pattern, name="new_pattern"),
    path("patterns/<slug:ref>/", views.pattern_page, name="pattern"),
    path("patterns/<slug:ref>/underneath/", views.underneath, name="underneath"),
    path("patterns/<slug:ref>/take-out/<slug:issue_ref>/", views.take_out, name="take_out"),
]
