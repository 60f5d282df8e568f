"""What the page of a cycle shows of its debriefs, to those who may read them."""

from debriefs.models import Debrief


def on_cycle(user, cycle):
    return {"debriefs": Debrief.objects.visible_to(user).filter(cycle=cycle, state__in=["held", "written_up"])[:3]}
