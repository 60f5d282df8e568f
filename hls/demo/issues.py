"""The demo's issue log: each story is told by the product's own actions, and each act is then set back to its day."""

from django.utils import timezone

from issues.groups.actions import decide
from issues.groups.models import Decision
from issues.log import actions
from issues.log.models import Issue, IssueMove, IssueStep, Response, Sighting


def load(world):
    for row in world.data["issues"]:
        world.issue[row["key"]] = _tell(world, row)


def _tell(world, row):
    """Play one issue's story in the order it happened."""
    now = timezone.now()
    issue = actions.raise_issue(
        cycle=world.cycle["debt"],
        description=row["text"],
        by=world.user[row["by"]],
        level=row.get("level"),
        owner_tier=row.get("owner", ""),
        owner_agency=world.agency.get(row.get("agency")),
        case=world.case.get(row.get("case")),
        words=row["words"],
        occasion_ref=_debrief_near(world, row["day"]),
        who_affected=row.get("who", ""),
        what_they_face=row.get("face", ""),
        how_many=row.get("many", ""),
        is_barrier=row.get("barrier", False),
    )
    Issue.objects.filter(pk=issue.pk).update(is_leverage=row.get("leverage", False), is_demo=row.get("demo", False))
    if "quote" in row:
        actions.release_quote(sighting=issue.sightings.get(), quote=row["quote"], by=issue.raised_by)
    _set_back(world, issue, now, row["day"])
    for day, act in sorted(_acts(world, row, issue), key=lambda pair: -pair[0]):
        issue.refresh_from_db()
        now = timezone.now()
        act()
        _set_back(world, issue, now, day)
    return issue


def _acts(world, row, issue):
    """(days ago, what to do) for everything after the raising."""
    for who, day, words, *case in row.get("seen", []):
        yield (
            day,
            lambda who=who, day=day, words=words, case=case: actions.see_too(
                issue=issue,
                team=issue.team,
                by=world.user[who],
                words=words,
                on=world.day(day),
                case=world.case[case[0]] if case else None,
                occasion_ref=_debrief_near(world, day),
            ),
        )
    for kind in (Response.Kind.COUNTERMEASURE, Response.Kind.SYSTEM_CHANGE):
        if kind.value in row:
            yield _respond(world, row, issue, kind)
    for offer in row.get("offers", []):
        yield from _offer(world, issue, offer)
    if made := row.get("decided"):
        yield (
            made["day"],
            lambda: decide(
                issue=issue,
                team=world.team[made["team"]],
                outcome=made["outcome"],
                words=made["words"],
                new_normal=made["new_normal"],
                starts_on=world.day(made["starts"]),
                by=world.user[made["by"]],
            ),
        )
    if closed := row.get("closed"):
        how, day, words = closed
        yield day, lambda: actions.close_issue(issue=issue, how=how, words=words, by=world.user["sam"])


def _respond(world, row, issue, kind):
    text, state, *rest = row[kind.value]
    day = rest[0] if rest else row["day"] - 2
    leaves = rest[1] if len(rest) > 1 else ""
    if kind == Response.Kind.SYSTEM_CHANGE and state == "agreed":
        day = row["decided"]["day"] + 0.5  # worded first, then agreed by the group
        state = "working_out"
    return day, lambda: actions.set_response(
        issue=issue,
        kind=kind,
        text=text,
        state=state,
        by=issue.raised_by,
        leaves_behind=leaves,
        in_place_on=world.day(day) if state == "in_place" else None,
    )


def _offer(world, issue, offer):
    team = world.team[offer["to"]]
    yield (
        offer["day"],
        lambda: actions.escalate(
            issue=issue,
            to_team=team,
            why=offer["why"],
            asks=offer.get("asks", ""),
            by=world.user[offer["by"]],
            level=offer.get("level"),
            owner_tier=offer.get("owner", ""),
        ),
    )
    if "answer" in offer:
        answer, day, words = offer["answer"]
        act = {"accepted": actions.accept, "handed_back": actions.hand_back}[answer]
        by = world.user["grace" if offer["to"] == "leadership" else "mina"]
        yield day, lambda: act(move=issue.moves.get(state="offered"), by=by, answer=words)


def _debrief_near(world, day):
    """The debrief of that day, or the last before it."""
    days = [d for d in world.debrief_on if d >= day]
    return world.debrief_on[min(days)].pk if days else None


def _set_back(world, issue, since, day):
    """Give everything written since then the day of the story."""
    at, on = world.at(int(day), 9, 20), world.day(int(day))
    IssueStep.objects.filter(issue=issue, at__gte=since).update(at=at)
    moves = IssueMove.objects.filter(issue=issue)
    moves.filter(at__gte=since).update(at=at)
    moves.filter(answered_at__gte=since).update(answered_at=at)
    Response.objects.filter(issue=issue, updated_at__gte=since).update(updated_at=at)
    Decision.objects.filter(issue=issue, at__gte=since).update(at=at, decided_on=on)
    Sighting.objects.filter(issue=issue, quote_released_on=world.today).update(quote_released_on=on)
    row = Issue.objects.get(pk=issue.pk)
    row.updated_at = at
    if row.raised_on == world.today:
        row.raised_on = row.held_since = on
        Sighting.objects.filter(issue=issue).update(on=on)
    accepted = moves.filter(state="accepted").order_by("at").last()
    if accepted:
        row.held_since = timezone.localdate(accepted.at)
    if row.closed_on == world.today:
        row.closed_on = on
    row.save(update_fields=["updated_at", "raised_on", "held_since", "closed_on"])
