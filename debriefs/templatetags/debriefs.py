"""The way between the rooms of the debriefs: the same on each of their pages."""

from django import template
from django.urls import reverse

register = template.Library()

ROOMS = [
    ("debriefs:list", "Debriefs"),
    ("debriefs:follow_ups", "Asked for"),
    ("debriefs:journal", "Journal"),
    ("debriefs:plans", "When we meet"),
    ("debriefs:talks", "One to one"),
]
TRAY = ("debriefs:tray", "Recorder’s tray")


@register.inclusion_tag("debriefs/rooms.html", takes_context=True)
def debrief_rooms(context):
    """Nothing for someone in no team: they have no debriefs."""
    request = context["request"]
    rights = request.user.rights
    rooms = [*ROOMS, *([TRAY] if rights.has("recorder") else [])] if rights.teams else []
    return {"rooms": [(words, url := reverse(name), url == request.path) for name, words in rooms]}
