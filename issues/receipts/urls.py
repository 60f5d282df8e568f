from django.urls import path

from issues.receipts import views

urlpatterns = [
    path("better/<int:pk>/", views.better, name="better"),
    path("better/by-letter/<str:token>/", views.better_by_link, name="better_by_link"),
    path("triage/seen/", views.received_many, name="received_many"),
    path("issues/<slug:ref>/received/", views.received, name="received"),
]
