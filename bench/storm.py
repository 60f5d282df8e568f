"""Six hours without a mail server, and then everyone's letters at once (row 46 of the assurance table).

    python -m bench.storm             # 5,000 people, 3,000 letters a minute
    python -m bench.storm 500 1200

Each person has three reminders that are over by now and three hot debriefs that are not. Uses the database of
DATABASE_URL; the rows are the bench's own and are taken away again.
"""

import argparse
import os
import sys
import time
from bisect import bisect_left
from collections import Counter
from datetime import timedelta

EACH = 3  # that are over, and as many that are not


def make_overdue(count):
    from django.utils import timezone

    from cycles.notices.models import Notice
    from cycles.people.models import Membership, User
    from cycles.stack.models import LearningCycle
    from debriefs.record.models import Debrief
    from hls.notices import drill

    place = drill.make_due(1)
    Notice.objects.filter(place=place).delete()
    cycle = LearningCycle.objects.get(place=place)
    began = timezone.now() - timedelta(hours=6)
    words = {"place": place, "team": cycle.team, "cycle": cycle}
    over = [Debrief(planned_for=began + timedelta(hours=n + 1), **words) for n in range(EACH)]
    hot = [Debrief(planned_for=began, kind="hot", state="held", held_on=began.date(), **words) for _ in range(EACH)]
    Debrief.objects.bulk_create([*over, *hot])
    people = User.objects.bulk_create(
        User(email=f"storm-{place.pk}-{n}@example.org", name=f"Storm {n}", short_name="Storm", password="!")
        for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(place=place, team=cycle.team, user=user, role="caseworker") for user in people
    )
    Notice.objects.bulk_create(
        (
            Notice(
                user=user,
                place=place,
                kind=Notice.Kind.HOT_DEBRIEF if debrief in hot else Notice.Kind.DEBRIEF_SOON,
                channel=Notice.Channel.AT_ONCE,
                key=f"storm-{debrief.pk}-{user.pk}",
                subject_ref=debrief.pk,
                due_at=began,
                stale_at=began + timedelta(hours=24) if debrief in hot else debrief.planned_for,
            )
            for user in people
            for debrief in (*over, *hot)
        ),
        batch_size=2000,
    )
    return place


def most_in_a_minute(moments):
    moments = sorted(moments)
    return max(n + 1 - bisect_left(moments, at - 60) for n, at in enumerate(moments))


def after_the_outage(people):
    """Send until nothing waits. Answers (when it began, [(reader, moment)], how many were dropped)."""
    from django.conf import settings
    from django.utils import timezone

    from cycles.notices.models import Notice
    from hls.notices import drill
    from hls.notices.tasks import send_due

    class Sink(drill.Sink):
        async def handle_DATA(self, server, session, envelope):
            self.taken.append((envelope.rcpt_tos[0], time.time()))
            return "250 taken"

    if Notice.objects.due(timezone.now()).exists():
        sys.exit("There are due notices in this database already. The bench sends only its own.")
    with Sink().running() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        place = make_overdue(people)
        try:
            began = time.time()
            while drill.unsent(place):
                send_due()
            return began, sink.taken, Notice.objects.filter(place=place, dropped_at__isnull=False).count()
        finally:
            drill.clear(place)


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("people", type=int, nargs="?", default=5000)
    asked.add_argument("a_minute", type=int, nargs="?", default=3000)
    asked = asked.parse_args()
    os.environ["QUIET_HOURS"] = ""  # it may run at any hour
    os.environ["MAIL_A_MINUTE"] = str(asked.a_minute)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    import django

    django.setup()
    began, taken, dropped = after_the_outage(asked.people)
    moments, each = [at for _, at in taken], Counter(to for to, _ in taken)
    print(f"{asked.people:,} people: {len(each):,} had a letter, at most {max(each.values())} each")
    print(f"{dropped:,} reminders were over and were dropped (of {EACH * asked.people:,})")
    print(f"first letter after {min(moments) - began:.1f} s, last after {max(moments) - began:.0f} s")
    print(f"at most {most_in_a_minute(moments):,} in a minute (set: {asked.a_minute:,})")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
