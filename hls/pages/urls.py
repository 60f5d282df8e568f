"""Pages that show several floors under one room's name; hls/urls.py hangs them in that room's list."""

from django.urls import path

from hls.pages.cycle import cycle
from hls.pages.guide import guide
from hls.pages.life import person

of_cycles = [
    path("cycles/<int:pk>/", cycle, name="cycle"),
    path("guides/<int:pk>/", guide, name="guide"),
    path("people/<int:pk>/", person, name="person"),
]
