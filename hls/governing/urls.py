"""Hung in the list of the cycles by hls/pages/urls.py."""

from django.urls import path

from hls.governing import records, views

of_cycles = [
    path("governing/", views.governing_list, name="governing"),
    path("cycles/<int:pk>/reviews/", views.reviews, name="reviews"),
    path("cycles/<int:pk>/reviews/start/", views.review_start, name="review_start"),
    path("cycles/<int:pk>/reviews/<slug:on>/", views.review, name="review"),
    path("cycles/<int:pk>/reviews/<slug:on>/beside/<int:question>/", views.review_beside, name="review_beside"),
    path("reviews/beside/<int:pk>/away/", views.review_away, name="review_away"),
    path("cycles/<int:pk>/promises/new/", records.promise_new, name="promise_new"),
    path("promises/<int:pk>/", records.promise, name="promise"),
    path("cycles/<int:pk>/accounts/new/", records.account_new, name="account_new"),
    path("accounts-given/<int:pk>/", records.account, name="account_given"),
    path("cycles/<int:pk>/voices/new/", records.voice_new, name="voice_new"),
    path("voices/<int:pk>/answer/", records.voice_answer, name="voice_answer"),
]
