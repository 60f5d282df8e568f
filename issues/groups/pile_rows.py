"""A row of a group's pile as HTML, put together here and not in a template, as the log's are (issues/log/rows.py).

Everything that a person wrote goes through `escape`; the rest is ours.
"""

from datetime import date
from html import escape

from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe

from hls.addresses import address
from hls.look.stones import level
from hls.look.words import ago_days, day
from issues.groups.models import Decision
from issues.groups.rows import DEMO, PATTERN
from issues.log.models import Issue, address_of, ref_of
from issues.log.rows import NEW, NOW, response_tag, short
from issues.log.seen import Seen

DESCRIPTION_MOST, RESPONSE_MOST, DECISION_MOST = 300, 240, 300
OUTCOMES = {outcome.value: outcome.label for outcome in Decision.Outcome}
NAMES = {NOW: "Countermeasure (now)", NEW: "System change (new normal)"}
ROW = """
  <li>
    <a class="voice" href="{url}">{description}</a>
    <p class="meta"><span>{ref}</span>{level}<span>From {team}</span>{seen}{here}{demo}</p>
    {offer}{quotes}{now}{new}{decision}{button}
  </li>"""
RESPONSE = '<p class="by"><strong>{}:</strong> {} {}</p>'
DECISION = '<div class="decision"><p class="by"><strong>{}</strong> {}{}</p><p>{}</p></div>'
BUTTON = '<p><a class="button small{}" href="{}">{}<span class="sr"> {}</span></a></p>'


def pile_html(pile, rows, answers):
    """The rows of one pile, as `issues.groups.piles` reads them; `answers` for a member, who may answer them."""
    today = timezone.localdate()
    answer_at = address("issues:answer", "REF") if answers and pile.may_answer else ""
    return mark_safe("".join(_row(row, row.pile == "waiting", answer_at, today) for row in rows))


def _row(row, is_offer, answer_at, today):
    ref = ref_of(row.number)
    return ROW.format(
        url=address_of(ref, row.is_pattern),
        description=short(row.description, DESCRIPTION_MOST),
        ref=ref,
        level=level(row.level),
        team=escape(row.team__name),
        seen=PATTERN if row.is_pattern else f"<span>{Seen.of(row.seen)}</span>",
        here=_here(row, is_offer, today),
        demo=DEMO if row.is_demo else "",
        offer=_offer(row, is_offer, today),
        quotes="".join(f'<blockquote class="voice">{linebreaks(quote, autoescape=True)}</blockquote>' for quote in row.quotes),
        now=_response(NOW, row.now__text, row.now__state, row.now__in_place_on, row.now__starts_on, today),
        new=_response(NEW, row.new__text, row.new__state, row.new__in_place_on, row.new__starts_on, today),
        decision="" if is_offer else _decision(row.decision, today),
        button=_button(ref, is_offer, answer_at) if answer_at else "",
    )  # fmt: skip


def _here(row, is_offer, today):
    """How long it has lain before the group; what is closed lies there no more."""
    if is_offer:
        return f"<span>Here {ago_days(row.at, today)}</span>"
    return f"<span>Here {ago_days(row.held_since, today)}</span>" if row.status == Issue.Status.OPEN else ""


def _offer(row, is_offer, today):
    """What is asked of this group; or that it asked another in its turn and waits."""
    if not row.offer__to_team__name:
        return ""
    if not is_offer:
        return f'<p class="by">Raised to {escape(row.offer__to_team__name)} {day(row.at, today)}.</p>'
    why = escape(row.offer__why).replace("\n", "<br>")
    asks = f"<p><strong>Asks:</strong> {escape(row.offer__asks)}</p>" if row.offer__asks else ""
    return f"<p>{why}</p>{asks}"


def _response(kind, text, state, in_place_on, starts_on, today):
    if not state:
        return ""
    return RESPONSE.format(
        NAMES[kind], short(text, RESPONSE_MOST), response_tag(kind, state, in_place_on, starts_on, today)
    )


def _decision(said, today):
    if not said:
        return ""
    again = f". Look again on {day(_date(said['review_on']), today)}" if said["review_on"] else ""
    decided_on = day(_date(said["decided_on"]), today)
    return DECISION.format(OUTCOMES[said["outcome"]], decided_on, again, short(said["words"], DECISION_MOST))


def _date(said):
    return date.fromisoformat(said)


def _button(ref, is_offer, answer_at):
    return BUTTON.format(
        "" if is_offer else " quiet", answer_at.replace("REF", ref), "Answer" if is_offer else "Decide", ref
    )
