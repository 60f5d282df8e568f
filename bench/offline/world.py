"""The server's side: a place of the drill's own, its people and debriefs, and what came of them."""

import secrets
import time
from uuid import uuid4


class World:
    """Made in the database of DATABASE_URL and taken away again."""

    def __init__(self):
        from cycles.people.models import Place, Team
        from cycles.stack.models import LearningCycle

        self.mark = f"offline-{int(time.time())}-{secrets.token_hex(3)}"
        self.place = Place.objects.create(name=self.mark, slug=self.mark)
        self.team = Team.objects.create(place=self.place, name=self.mark, slug=self.mark)
        self.cycle = LearningCycle.objects.create(place=self.place, team=self.team, title="Drill", purpose="Drill")
        self.password = secrets.token_urlsafe(16)

    def person(self):
        from cycles.people.models import Membership, User

        email = f"{uuid4().hex}@{self.mark}.example"
        user = User.objects.create_user(email, self.password, name="Drill", short_name="Drill")
        Membership.objects.create(place=self.place, team=self.team, user=user, role="caseworker")
        return user

    def debrief(self):
        from django.utils import timezone

        from debriefs.record.models import Debrief

        return Debrief.objects.create(place=self.place, team=self.team, cycle=self.cycle, planned_for=timezone.now())

    @staticmethod
    def end_sessions(user):
        """As ten hours would."""
        from django.contrib.sessions.models import Session

        for session in Session.objects.all():
            if session.get_decoded().get("_auth_user_id") == str(user.pk):
                session.delete()

    @staticmethod
    def shared(debrief):
        """How many notes were shared, and every answer's words."""
        notes = debrief.contributions.filter(shared_at__isnull=False).count()
        return notes, [text.replace("\r\n", "\n") for text in debrief.answers.values_list("text", flat=True)]

    @staticmethod
    def repeat(debrief):
        """A fault made on purpose: the first answer once more."""
        answer = debrief.answers.first()
        answer.pk = None
        answer.save()

    def clear(self):
        from cycles.people.models import User
        from hls.notices import drill

        for user in User.objects.filter(memberships__place=self.place):
            self.end_sessions(user)
        drill.clear(self.place)
