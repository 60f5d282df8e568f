"""Where each role lands."""

from django.shortcuts import redirect

LANDS_ON = {
    "caseworker": "today",
    "recorder": "debriefs:list",
    "steward": "issues:triage",
    "leader": "overview",
    "evidence": "cycles:measures",
    "place_admin": "people:place",
}


def front_door(request):
    from hls.people import DOORS

    door = DOORS.get(request.acting.role) if request.acting else None
    return redirect(LANDS_ON.get(door, "today"))
