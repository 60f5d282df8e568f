"""Web hooks: an address outside that is told, by number and kind alone, when something happens to an issue.

What must be sent is a row, written by the database with the step it tells of: no step can be kept without its message,
and none is sent that was not kept. A sender claims rows with a lease, as `hls/notices/sending.py` does.
"""

import secrets
import uuid
from base64 import b64encode

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import Placed
from cycles.sent import Sent
from hls.sealed import SealedText
from issues.log.models import IssueStep
from issues.sheets.models import ImportBatch

MOST_TRIES = 8  # over two hours
BEGINS = "whsec_"


def new_secret():
    """As standard-webhooks writes them: base64 of random bytes behind a mark."""
    return BEGINS + b64encode(secrets.token_bytes(32)).decode()


class WebHookQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(place__in=user.rights.administers)

    def going(self):
        return self.filter(ended_at=None)


class WebHook(Placed, Sent):
    """An https address and what it is told of. The secret signs each message; it rests sealed and is shown once."""

    name = models.CharField("what listens there?", max_length=60)
    address = models.CharField("its address", max_length=500)
    kinds = ArrayField(models.CharField(max_length=14))
    secret = SealedText()
    old_secret = SealedText(null=True)
    old_until = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WebHookQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["place"], condition=Q(ended_at=None), name="web_hook_of_place")]
        constraints = [
            models.CheckConstraint(condition=Q(address__startswith="https://"), name="web_hook_is_https"),
            models.CheckConstraint(condition=Q(kinds__len__gt=0), name="web_hook_is_told_something"),
            models.CheckConstraint(
                condition=Q(old_secret__isnull=True, old_until=None)
                | Q(old_secret__isnull=False, old_until__isnull=False),
                name="web_hook_old_secret_ends",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("hook", args=[self.pk])

    def secrets(self, now):
        """Those that sign now: for a day after a change the old one does too."""
        return [self.secret] + ([self.old_secret] if self.old_secret and self.old_until > now else [])

    @property
    def kind_words(self):
        return [IssueStep.What(kind).label for kind in IssueStep.What.values if kind in self.kinds]


TRY_OUT = Q(step=None, batch=None)  # an administrator asked for it


class HookMessageQuerySet(models.QuerySet):
    def open(self):
        return self.filter(sent_at=None)

    def due(self, now):
        """Not sent, due, not parked, of a hook that listens, and not in the hands of a living sender."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        listens = Q(hook__stopped_at=None) | TRY_OUT  # which goes to one that was stopped as well
        return self.open().filter(free, listens, due_at__lte=now, tries__lt=MOST_TRIES, hook__ended_at=None)

    def parked(self):
        return self.open().filter(tries__gte=MOST_TRIES)


class HookMessage(models.Model):
    """One message to one hook: of a step, or of a file that was brought in. Without either it is a try-out."""

    hook = models.ForeignKey(WebHook, on_delete=models.CASCADE, related_name="messages")
    step = models.ForeignKey(IssueStep, on_delete=models.CASCADE, null=True, related_name="+")
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, null=True, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=40, blank=True, help_text="What came back last: a status, or what went wrong")

    objects = HookMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint("hook", "step", name="hook_message_once_for_a_step"),
            models.UniqueConstraint("hook", "batch", name="hook_message_once_for_an_import"),
            models.CheckConstraint(condition=Q(step=None) | Q(batch=None), name="hook_message_of_one_thing"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(sent_at=None), name="hook_message_due"),
            models.Index(fields=["hook", "-made_at", "-id"], name="hook_message_of_hook"),
            models.Index(fields=["made_at"], name="hook_message_by_age"),
        ]

    def __str__(self):
        return str(self.uid)

    @property
    def is_parked(self):
        return self.sent_at is None and self.tries >= MOST_TRIES

    @property
    def about(self):
        """What it tells of, for the administrators' list."""
        if self.step_id:
            return f"{self.step.issue.ref}: {self.step.get_what_display()}"
        return "A file was brought in" if self.batch_id else "A try-out"


class HookedStep(IssueStep):
    """The step of an issue, seen from here: whoever keeps one, in whatever way, keeps its messages too."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="tell_hooks",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                IF current_setting('cairn.importing', true) = 'yes' THEN RETURN NULL; END IF;
                INSERT INTO hls_hookmessage (hook_id, step_id, uid, made_at, due_at, tries, answer)
                SELECT hook.id, NEW.id, gen_random_uuid(), NEW.at, now(), 0, ''
                  FROM issues_issue issue
                  JOIN hls_webhook hook ON hook.place_id = issue.place_id AND hook.ended_at IS NULL
                 WHERE issue.id = NEW.issue_id AND NEW.what = ANY (hook.kinds);
                RETURN NULL;
                """,
            )
        ]


class HookedImport(ImportBatch):
    """A file that was brought in, seen from here: ten thousand rows are one message, to each that hears of such steps."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="tell_hooks_of_import",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                INSERT INTO hls_hookmessage (hook_id, batch_id, uid, made_at, due_at, tries, answer)
                SELECT hook.id, NEW.id, gen_random_uuid(), NEW.at, now(), 0, ''
                  FROM hls_webhook hook
                 WHERE hook.place_id = NEW.place_id AND hook.ended_at IS NULL AND NEW.added > 0
                   AND hook.kinds && ARRAY['raised', 'countermeasure', 'system_change', 'closed']::varchar[];
                RETURN NULL;
                """,
            )
        ]
