"""A row of triage as HTML, put together here and not in a template, as the log's are (issues/log/rows.py).

Everything that a person wrote goes through `escape`; the rest is ours.
"""

from html import escape

from django.utils import timezone
from django.utils.safestring import mark_safe

from hls.addresses import address
from hls.look.stones import level
from hls.look.words import ago_days, day
from issues.log.models import IssueMove, Level, OwnerTier, address_of, ref_of
from issues.log.rows import short
from issues.log.seen import Seen

DESCRIPTION_MOST, ANSWER_MOST = 260, 300
OWNERS = {tier.value: tier.label for tier in OwnerTier} | {"": "nobody yet"}
PATTERN, DEMO = (f'<span class="tag">{word}</span>' for word in ("Pattern", "Demo"))
TICK = (
    '<label class="tickbox"><input type="checkbox" name="issue" value="{id}"{checked}>'
    '<span class="sr">Choose {ref}</span></label>'
)
NO_TICK = "<span></span>"
FIND_MORE = '<a href="{address}?issue={id}">Find others like it<span class="sr">: {ref}</span></a>'
LIST = """
        <ul role="list" class="queue">{}
        </ul>"""
PART = """
        <h3 class="sub-head">{}</h3>{}"""
STUCK = "Stuck now", "One person, this time: a life is on hold. Think Creative Solutions Forum."
SAME = "Looks like the same thing", "These share words. Read them before you gather them."
REST = "Everything else", ""
ROW = """
          <li>{tick}
            <div><p class="voice"><a href="{url}">{description}</a></p>
              <p class="meta"><span>{ref}</span>{level}<span>Owner: {owner}</span><span>From {team}</span>{seen}<span>Here {here}</span>{find_more}{demo}</p>
              {alike}
              {moved}</div></li>"""


def rows_html(issues, moves, looks_like, ticked):
    """Lists of issues as triage reads them, each with its latest offer and what looks like it.

    `ticked`: the keys that were, or None where there is nothing to tick; then they are one list in their order.
    """
    today, new_pattern = timezone.localdate(), address("issues:new_pattern")
    row = {
        issue.id: _row(issue, moves.get(issue.id), looks_like[issue.id], ticked, new_pattern, today) for issue in issues
    }
    if ticked is None:
        return mark_safe(LIST.format("".join(row.values())))
    stuck = [issue.id for issue in issues if issue.level == Level.IND]
    same = _together([issue for issue in issues if issue.level != Level.IND], looks_like)
    rest = [key for key in row if key not in {*stuck, *same}]
    parts = [(words, keys) for words, keys in ((STUCK, stuck), (SAME, same), (REST, rest)) if keys]
    return mark_safe("".join(_part(words, [row[key] for key in keys], len(parts) > 1) for words, keys in parts))


def _part(words, rows, is_one_of_several):
    """A list, under what these have in common; what is only the rest is named where there is something else."""
    name, gloss = words
    head = PART.format(name, f'<p class="by">{gloss}</p>' if gloss else "") if gloss or is_one_of_several else ""
    return head + LIST.format("".join(rows))


def _together(issues, looks_like):
    """Those that look like another, each beside its like, the oldest first."""
    here, found = {issue.id for issue in issues}, []
    for issue in issues:
        near = [issue.id] if looks_like[issue.id] else []
        while near:
            key = near.pop(0)
            if key not in found:
                found.append(key)
                near += [other.id for other in looks_like[key] if other.id in here]
    return found


def _row(issue, move, looks_like, ticked, new_pattern, today):
    ref, may_tick = ref_of(issue.number), ticked is not None
    return ROW.format(
        tick=TICK.format(id=issue.id, ref=ref, checked=_checked(issue, ticked)) if may_tick else NO_TICK,
        url=address_of(ref, issue.is_pattern),
        description=short(issue.description, DESCRIPTION_MOST),
        ref=ref,
        level=level(issue.level),
        owner=OWNERS[issue.owner_tier],
        team=escape(issue.team__name),
        seen=PATTERN if issue.is_pattern else f"<span>{Seen.of(issue.seen)}</span>",
        here=ago_days(issue.held_since, today),
        demo=DEMO if issue.is_demo else "",
        alike=_alike(looks_like),
        find_more=FIND_MORE.format(address=new_pattern, id=issue.id, ref=ref)
        if may_tick and not issue.is_pattern
        else "",
        moved=_moved(move, today) if move else "",
    )


def _checked(issue, ticked):
    return " checked" if str(issue.id) in ticked else ""


def _alike(others):
    refs = [(ref_of(other.number), other.is_pattern) for other in others]
    links = ", ".join(f'<a href="{address_of(ref, is_pattern)}">{ref}</a>' for ref, is_pattern in refs)
    return f'<p class="by">Much like {links}</p>' if links else ""


def _moved(move, today):
    """Where it was raised to, or who handed it back and why."""
    team = escape(move.to_team__name)
    if move.state == IssueMove.State.OFFERED:
        meets = move.to_team__next_meeting_on
        on = day(meets, today) if meets else "on a day not yet set"
        return f'<p class="by">Raised to {team} {day(move.at, today)}. They meet {on}.</p>'
    if move.state == IssueMove.State.HANDED_BACK:
        return f'<p class="by">{team} handed it back: {short(move.answer, ANSWER_MOST)}</p>'
    return ""
