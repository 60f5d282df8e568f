from django.urls import path

from issues.pledges import views

urlpatterns = [
    path("issues/<slug:ref>/pledge/", views.pledge_new, name="pledge_new"),
    path("forum-cases/<int:pk>/pledge/", views.case_pledge_new, name="case_pledge_new"),
    path("pledges/<int:pk>/", views.pledge, name="pledge"),
    path("issues/<slug:ref>/recommend/", views.recommend, name="recommend"),
    path("recommendations/", views.recommendations, name="recommendations"),
    path("recommendations/<int:pk>/", views.recommendation, name="recommendation"),
]
