"""What a lesson shows of debriefs and issues is in hls/pages, with the addresses that need them."""

from django.urls import path

from cycles.lessons import views

urlpatterns = [
    path("lessons/", views.lesson_list, name="lessons"),
    path("lessons/offered/", views.offers, name="offers"),
    path("cycles/<int:pk>/lessons/new/", views.lesson_new, name="lesson_new"),
    path("cycles/<int:pk>/lessons/offered/", views.cycle_queue, name="lesson_queue"),
    path("people/<int:pk>/lessons/new/", views.person_lesson_new, name="person_lesson_new"),
    path("lessons/<int:pk>/edit/", views.lesson_edit, name="lesson_edit"),
    path("lessons/<int:pk>/raise/", views.lesson_raise, name="lesson_raise"),
    path("lessons/<int:pk>/lower/", views.lesson_lower, name="lesson_lower"),
    path("lessons/<int:pk>/offer/", views.lesson_offer, name="lesson_offer"),
    path("lessons/offers/<int:pk>/take-back/", views.offer_take_back, name="offer_take_back"),
    path("lessons/offers/<int:pk>/own/", views.offer_own, name="offer_own"),
    path("lessons/offers/<int:pk>/again/", views.offer_again, name="offer_again"),
    path("lessons/offers/<int:pk>/lapse/", views.offer_lapse, name="offer_lapse"),
]
