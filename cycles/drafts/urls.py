from django.urls import path

from cycles.drafts import views

urlpatterns = [
    path("drafts/<int:pk>/", views.own_words, name="own_words"),
    path("drafts/rescued/", views.keep_rescued, name="keep_rescued"),
]
