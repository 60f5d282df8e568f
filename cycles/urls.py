"""Addresses of the street of rooms; each room lists its own."""

from itertools import chain

app_name = "cycles"
urlpatterns = list(chain())
