"""The demo's meetings: one that was held, those that come, and one case before a forum. All of it is filler."""

from cycles import models as c
from hls.meetings.minutes import minutes_of
from hls.meetings.waiting import waiting_for
from issues import models as i
from issues.forum_cases import actions as forum
from issues.meetings import actions
from issues.pledges import actions as pledges


def load(world):
    data = world.data["meetings"]
    for row in data["forums"]:
        _forum(world, row)
    for row in data["rhythms"]:
        _rhythm(world, row)
    _held(world, data["held"])
    _sent_on(world, data)
    _case(world, data["case"])
    for row in data["coming"]:
        _coming(world, row)


def _forum(world, row):
    team = world.team[row["key"]] = c.Team.objects.create(
        place=world.place, name=row["name"], slug=row["key"], kind="forum", cadence_note=row["cadence"]
    )
    team.agencies.set(world.agency[key] for key in row["agencies"])
    for user, role in row["members"]:
        c.Membership.objects.create(
            place=world.place, user=world.user[user], team=team, role=role, from_on=world.day(60)
        )


def _rhythm(world, row):
    i.Rhythm.objects.create(
        team=world.team[row["team"]],
        every=row["every"],
        begins_at=row["at"],
        length=row["length"],
        where=row["where"],
        by=world.user[row["by"]],
    )


def _held(world, row):
    """The day on which leaders decided about the cards: the decision itself is in the log already."""
    by, day = world.user[row["by"]], row["day"]
    meeting = i.Meeting.objects.create(
        place=world.place,
        team=world.team[row["team"]],
        on=world.day(day),
        begins_at="09:00",
        length=90,
        where=row["where"],
        state="live",
        by=by,
        at=world.at(day + 7),
        started_at=world.at(day, 9),
        is_demo=True,
    )
    actions.seat_members(meeting)
    meeting.seats.update(was_there=True)
    for position, said in enumerate(row["items"], 1):
        meeting.items.create(
            kind=said["kind"],
            title=_title(world, said),
            length=said["length"],
            position=position,
            issue=world.issue.get(said.get("issue")),
            outcome=said["outcome"],
            words=said.get("words", ""),
            settled_at=world.at(day, 10),
            by=by,
        )
    meeting.also_there = row["also_there"]
    meeting.ended_at = world.at(day, 10, 30)
    meeting.minutes = minutes_of(meeting)
    meeting.state = "held"
    meeting.save()
    i.Paper.objects.create(meeting=meeting)
    i.Correction.objects.create(meeting=meeting, text=row["correction"], by=by, at=world.at(day - 2))


def _title(world, said):
    issue = world.issue.get(said.get("issue"))
    return f"{issue.ref}: {issue.description}"[:300] if issue else said["title"]


def _sent_on(world, data):
    for row in data["pledges"]:
        made = pledges.pledge(
            issue=world.issue[row["issue"]],
            team=world.team[row["team"]],
            agency=world.agency[row["agency"]],
            text=row["text"],
            due_on=world.day(-row["due_in"]),
            by=world.user[row["by"]],
        )
        i.Pledge.objects.filter(pk=made.pk).update(made_on=world.day(row["day"]), is_demo=True)
    for row in data["advice"]:
        made = pledges.recommend(
            issue=world.issue[row["issue"]],
            team=world.team[row["team"]],
            to=world.agency[row["to"]],
            text=row["text"],
            why=row["why"],
            answer_by_on=world.day(-row["answer_in"]),
            by=world.user[row["by"]],
        )
        i.Recommendation.objects.filter(pk=made.pk).update(
            sent_on=world.day(row["day"]), at=world.at(row["day"]), is_demo=True
        )
    _set_back(world, data)


def _set_back(world, data):
    """Their steps on the issues' paths, to the day of the story."""
    for what, rows in (("pledged", data["pledges"]), ("recommended", data["advice"])):
        for row in rows:
            at = world.at(row["day"])
            i.IssueStep.objects.filter(issue=world.issue[row["issue"]], what=what).update(at=at)


def _case(world, row):
    by, day = world.user[row["by"]], row["day"]
    shown = forum.bring(
        case=world.case[row["case"]],
        team=world.team[row["team"]],
        by=by,
        agency=world.agency[row["agency"]],
        consent_given=True,
        consent_on=world.day(day),
        **{name: row[name] for name in ("reasons", "why", "blocked_by", "hand_offs", "invited", "consent_words")},
    )
    i.ForumCase.objects.filter(pk=shown.pk).update(brought_on=world.day(day), is_demo=True)
    for number, (text, changed, again) in enumerate(row["plans"]):
        forum.write_plan(
            forum_case=shown, text=text, changed=changed, number=number, look_again_on=world.day(-again), by=by
        )
    forum.mark_risks(forum_case=shown, marks={name: tuple(pair) for name, pair in row["risks"].items()}, seen=0, by=by)
    pledges.pledge(
        forum_case=shown,
        team=shown.team,
        agency=world.agency[row["pledge"]["agency"]],
        text=row["pledge"]["text"],
        due_on=world.day(-row["pledge"]["due_in"]),
        by=by,
    )
    shown.steps.filter(what="brought").update(at=world.at(day))
    i.Pledge.objects.filter(forum_case=shown).update(is_demo=True)


def _coming(world, row):
    by = world.user[row["by"]]
    meeting = actions.plan(
        team=world.team[row["team"]],
        on=world.day(-row["in"]),
        begins_at=row["at"],
        length=row["length"],
        where=row["where"],
        by=by,
    )
    i.Meeting.objects.filter(pk=meeting.pk).update(is_demo=True)
    actions.put(meeting=meeting, things=waiting_for(meeting), by=by)
