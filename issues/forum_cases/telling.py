"""Who is told of a case before a forum: its members that one was brought, its bringer of each plan. Never whose it is."""

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import User
from issues.meetings.telling import members_of


def brought(forum_case, by):
    tell(
        users=members_of(forum_case.team).exclude(pk=by.pk),
        place=forum_case.place,
        kind=Notice.Kind.CASE_BROUGHT,
        subject_ref=forum_case.pk,
        key=f"case-{forum_case.pk}-brought",
    )


def planned(forum_case, plan, by):
    tell(
        users=User.objects.filter(pk=forum_case.brought_by_id, is_active=True).exclude(pk=by.pk),
        place=forum_case.place,
        kind=Notice.Kind.CASE_PLAN,
        subject_ref=forum_case.pk,
        key=f"case-{forum_case.pk}-plan-{plan.number}",
    )
