from django.urls import path

from cycles.lives import views

# The page of one life shows its issues too: its address is in hls/pages/urls.py.
urlpatterns = [
    path("people/", views.person_list, name="people"),
    path("people/new/", views.person_new, name="person_new"),
    path("people/find/", views.person_find, name="person_find"),
    path("people/<int:pk>/why/", views.person_why, name="person_why"),
    path("people/<int:pk>/edit/", views.person_edit, name="person_edit"),
    path("people/<int:pk>/readers/", views.person_readers, name="person_readers"),
    path("people/readers/<int:pk>/remove/", views.reader_remove, name="reader_remove"),
    path("people/<int:pk>/step/", views.person_step, name="person_step"),
    path("people/<int:pk>/happened/new/", views.contact_new, name="contact_new"),
    path("people/<int:pk>/spend/new/", views.spend_new, name="spend_new"),
    path("people/<int:pk>/pause/", views.person_pause, name="person_pause"),
    path("people/<int:pk>/resume/", views.person_resume, name="person_resume"),
    path("people/<int:pk>/close/", views.person_close, name="person_close"),
    path("people/<int:pk>/reopen/", views.person_reopen, name="person_reopen"),
    path("people/<int:pk>/worker/", views.person_worker, name="person_worker"),
]
