"""What someone must be told: a row written in the same transaction as the act."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.notices.telling import resting
from cycles.people.models import Placed


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, each once: a text message only repeats what another row tells."""
        return self.filter(user=user).exclude(channel=Notice.Channel.TEXT)

    def open(self):
        return self.filter(sent_at=None, dropped_at=None)

    def due(self, now):
        """Unsent, due, not parked, and not in the hands of a living sender (or told to wait after a failure)."""
        return self.open().filter(
            Q(claimed_until=None) | Q(claimed_until__lt=now), due_at__lte=now, tries__lt=Notice.MOST_TRIES
        )

    def parked(self):
        """Tried so often that someone has to look."""
        return self.open().filter(tries__gte=Notice.MOST_TRIES)

    def came_back(self, since):
        """Handed over, and then the service said that it could not be delivered."""
        return self.filter(came_back_at__gte=since)

    def stuck(self, now):
        """Parked, or due for so long that something must be wrong."""
        late = Q(due_at__lt=now - Notice.LATE) & ~Q(channel=Notice.Channel.DIGEST) & ~resting(now)
        return self.open().exclude(channel=Notice.Channel.IN_APP).filter(late | Q(tries__gte=Notice.MOST_TRIES))


class Notice(Placed):
    """Told once: `key` is unique, a sender claims it with a lease, and the mail carries a stable Message-ID.

    The row names its subject by kind and id. Words are looked up when it is shown or sent, under the
    reader's rights at that moment, so a mail never outlives a right.
    """

    MOST_TRIES = 8
    LATE = timedelta(minutes=15)  # after which something must be wrong

    class Kind(models.TextChoices):
        DEBRIEF_SOON = "debrief_soon", "A debrief is about to start"
        HOT_DEBRIEF = "hot_debrief", "A hot debrief was called"
        ISSUE_STEP = "issue_step", "Something happened to an issue you saw"
        ISSUE_OFFERED = "issue_offered", "An issue was raised to your group"
        ISSUE_BETTER = "issue_better", "Is it better in the work?"
        ISSUE_TALK = "issue_talk", "Someone wrote on an issue you follow"
        ISSUE_NAMED = "issue_named", "Someone named you on an issue"
        OUTSIDE_REPLY = "outside_reply", "A body outside replied on an issue"
        SUMMARY_READY = "summary_ready", "A summary is ready"
        CASE_READ = "case_read", "Someone outside opened a person's page"
        LESSON_OFFERED = "lesson_offered", "A lesson was offered to your cycle"
        LESSON_ANSWERED = "lesson_answered", "A lesson that your debrief fed was answered"
        GUIDE_ANSWERED = "guide_answered", "What you proposed was answered"
        FOLLOW_UP = "follow_up", "A debrief asks you to see to something"
        VOICE_ANSWERED = "voice_answered", "Words that you brought were answered"
        LINK_ASKED = "link_asked", "A cycle asks to be joined to yours"
        LINK_ANSWERED = "link_answered", "A cycle that yours asked has answered"
        ISSUE_WAITS = "issue_waits", "An issue waits with your group"
        ISSUE_REVIEW = "issue_review", "A countermeasure is to be looked at again"
        ADVICE_ASKED = "advice_asked", "Something was recommended to commissioners"
        ADVICE_WAITS = "advice_waits", "A recommendation waits for an answer"
        PROMISE_WAITS = "promise_waits", "A promise of your group is past its day"
        OFFER_WAITS = "offer_waits", "A lesson offered to your cycle waits"
        WRITE_UP = "write_up", "A debrief waits to be written up"
        MEETING_CALLED = "meeting_called", "Your group is to meet"
        MEETING_MOVED = "meeting_moved", "A meeting of your group was moved or called off"
        AGENDA_SENT = "agenda_sent", "The agenda of your group was sent"
        MINUTES_READY = "minutes_ready", "The minutes of your group are ready"
        PROMISE_MADE = "promise_made", "A promise was made for your group"
        CASE_BROUGHT = "case_brought", "A case was brought to your forum"
        CASE_PLAN = "case_plan", "The plan changed for a case you brought"
        CASE_AGENDA = "case_agenda", "A case you brought is to come to a meeting"
        INVITATION = "invitation", "An invitation"

    class Channel(models.TextChoices):
        AT_ONCE = "at_once", "At once"  # cannot wait: a hot debrief, the reminder before a debrief
        DIGEST = "digest", "In the day's one digest"
        IN_APP = "in_app", "In the app only"
        TEXT = "text", "Also as a text message"  # beside the row that tells the same by mail or in the app

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.DIGEST)
    key = models.CharField(max_length=120, unique=True)
    subject_ref = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    stale_at = models.DateTimeField(null=True, blank=True, help_text="After this it is no use and is dropped")
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # What it was last handed over in. While that may have been taken, it is only ever sent again in the very same.
    letter = models.CharField(max_length=120, blank=True, default="", db_default="", editable=False)
    letter_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When that letter was made up")
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    came_back_at = models.DateTimeField(null=True, blank=True, help_text="Taken, and then it could not be delivered")

    is_again = False  # as claimed: its letter may have been taken before

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, dropped_at=None), name="notice_due"),
            models.Index(fields=["user", "-created_at"], name="notice_of_user"),
            models.Index(fields=["came_back_at"], condition=Q(came_back_at__isnull=False), name="notice_came_back"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(dropped_at=None), name="notice_sent_or_dropped")
        ]

    def __str__(self):
        return self.key
