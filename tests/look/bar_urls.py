"""A house with two rooms only: the bar leaves out what is not there."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("today/", HttpResponse), path("issues/", HttpResponse)]
