"""Who is asking: the session, and the person with what they may do, in two queries whose SQL is put together once.

Every page of every role begins with these, so they are the ones worth keeping short (docs/bench.md).
"""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateField, DateTimeField
from django.utils import timezone

from cycles.people.models import Membership
from cycles.people.rights import Rights
from cycles.prepared import Given, Prepared


@cache
def _sessions():
    key, now = Given("key", CharField()), Given("now", DateTimeField())
    return Prepared(Session.objects.filter(session_key=key, expire_date__gt=now))


@cache
def _memberships():
    rows = Membership.objects.filter(user=Given("user")).active(Given("today", DateField()))
    return Prepared(rows.select_related("user", "team", "place").order_by("from_on", "pk"))


class SessionStore(db.SessionStore):
    """Sessions as Django keeps them in the database (docs/adr/0007)."""

    def _get_session_from_db(self):
        found = _sessions().rows(key=self.session_key, now=timezone.now())
        if found:
            return found[0]
        self._session_key = None
        return None


class Backend(AuthenticationBackend):
    """A person comes with their memberships: what they may do is read in the same query as who they are."""

    def get_user(self, user_id):
        rows = _memberships().rows(user=user_id, today=timezone.localdate())
        if not rows:
            return super().get_user(user_id)
        user = rows[0].user
        if not self.user_can_authenticate(user):
            return None
        for row in rows:
            row.user = user
        user.rights = Rights.from_rows(user, rows)
        return user
