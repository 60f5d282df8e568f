"""The demo's talk on issues, and one issue put together for those outside the place, with what they answered."""

from uuid import uuid4

from cycles.models import Story
from issues.dossiers import actions as dossiers
from issues.models import Comment, Dossier, IssueStep, OutsideLink, Watch
from issues.talk import actions as talk


def load(world):
    data = world.data["beyond"]
    for row in data["talk"]:
        _say(world, row)
    _dossier(world, data["dossier"])


def _say(world, row):
    issue = world.issue[row["issue"]]
    said = talk.comment(issue=issue, words=row["words"], by=world.user[row["by"]])
    Comment.objects.filter(pk=said.pk).update(at=world.at(row["day"], 11, 40), is_demo=True)


def _dossier(world, data):
    issue, by = world.issue[data["issue"]], world.user[data["by"]]
    issue.refresh_from_db()
    story = Story.objects.create(
        place=world.place,
        cycle=issue.cycle,
        title=data["story"]["title"],
        body=data["story"]["body"],
        written_by=world.user[data["story"]["by"]],
        written_on=world.day(data["story"]["day"]),
        checked_by_teller_on=world.day(data["story"]["day"] - 2),
        reach=Story.Reach.PUBLIC,
        is_demo=True,
    )
    words = {name: data[name] for name in ("asks", "rule", "rule_source", "cost")}
    dossier = dossiers.write_dossier(issue=issue, by=by, stories=[story], shows_answers=False, **words)
    made = world.at(data["day"], 15)
    Dossier.objects.filter(pk=dossier.pk).update(made_at=made, updated_at=made, is_demo=True)
    dossiers.make_link(dossier=dossier, to_whom=data["to"], days=90, by=by, client_id=uuid4())
    link = OutsideLink.objects.get(dossier=dossier)
    dossiers.reply(link=link, words=data["reply"]["words"], signed=data["reply"]["signed"], client_id=uuid4())
    at = world.at(data["reply"]["day"], 14, 10)
    OutsideLink.objects.filter(pk=link.pk).update(made_at=made, first_read_at=at)
    Comment.objects.filter(outside=link).update(at=at, is_demo=True)
    for what, when in ((IssueStep.What.SHOWN_OUTSIDE, made), (IssueStep.What.SAID_OUTSIDE, at)):
        issue.steps.filter(what=what).update(at=when)
    Watch.objects.get_or_create(issue=issue, user=by)
