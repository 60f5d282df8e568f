from django.urls import path

from hls.look import views

urlpatterns = [path("account/keep/", views.keep_session, name="keep_session")]
