"""What lists sort and filter on, kept on each team's access row too, so that a member's log is read in its order.

Without it the newest page of a rare match walks the whole log and asks for each issue whether the team may see it:
seconds at a million issues (docs/adr/0013). The database keeps the copies, so no action can forget them.
"""

import pgtrigger

COLUMNS = (
    "status",
    "level",
    "owner_tier",
    "countermeasure_state",
    "system_change_state",
    "is_barrier",
    "is_leverage",
    "updated_at",
    "raised_on",
    "number",
    "seen_in",
)
_HOLDS = "is_holder"
# From when a system change is normal, or is to begin: leaders read theirs in this order.
_CHANGES_ON = "CASE {r}.state WHEN 'in_place' THEN {r}.in_place_on WHEN 'agreed' THEN {r}.starts_on END"
# The newest day on which words about it were released, so that leaders read what was said to them newest first.
_QUOTED_ON = "(SELECT max(s.quote_released_on) FROM issues_sighting s WHERE s.issue_id = {issue} AND s.quote <> '')"

SET_NEW = f"""SELECT {", ".join(f"i.{c}" for c in COLUMNS)}, i.held_by_id = NEW.team_id
  INTO {", ".join(f"NEW.{c}" for c in COLUMNS)}, NEW.{_HOLDS} FROM issues_issue i WHERE i.id = NEW.issue_id;
  SELECT {_CHANGES_ON.format(r="r")} INTO NEW.changes_on FROM issues_response r
    WHERE r.issue_id = NEW.issue_id AND r.kind = 'system_change';
  NEW.quoted_on = {_QUOTED_ON.format(issue="NEW.issue_id")};
  RETURN NEW;"""  # noqa: S608 - our own names
FOLLOW = f"""UPDATE issues_issueaccess SET {", ".join(f"{c} = NEW.{c}" for c in COLUMNS)},
  {_HOLDS} = (team_id = NEW.held_by_id) WHERE issue_id = NEW.id; RETURN NULL;"""  # noqa: S608 - our own names
FOLLOW_CHANGE = f"""IF NEW.kind = 'system_change' THEN
    UPDATE issues_issueaccess SET changes_on = {_CHANGES_ON.format(r="NEW")} WHERE issue_id = NEW.issue_id;
  END IF; RETURN NULL;"""  # noqa: S608 - our own names
FOLLOW_QUOTES = f"""UPDATE issues_issueaccess a SET quoted_on = {_QUOTED_ON.format(issue="a.issue_id")}
  WHERE a.issue_id IN (NEW.issue_id, OLD.issue_id); RETURN NULL;"""  # noqa: S608 - our own names
# In how many debriefs an issue was seen, as its row says (issues/log/seen.py): debriefs and never people, so that no
# order tells what a small number hides. Its row is held first, so that two who see it at once are both counted.
FOLLOW_SIGHTINGS = """PERFORM FROM issues_issue WHERE id IN (NEW.issue_id, OLD.issue_id) ORDER BY id FOR NO KEY UPDATE;
  UPDATE issues_issue i SET seen_in = found.n FROM (
    SELECT of.id, (SELECT count(DISTINCT s.occasion_ref) FROM issues_sighting s WHERE s.issue_id = of.id) AS n
    FROM issues_issue of WHERE of.id IN (NEW.issue_id, OLD.issue_id)) found
  WHERE i.id = found.id AND i.seen_in <> found.n; RETURN NULL;"""

ACCESS_TRIGGERS = [
    pgtrigger.Trigger(name="access_from_issue", when=pgtrigger.Before, operation=pgtrigger.Insert, func=SET_NEW)
]
ISSUE_TRIGGERS = [
    pgtrigger.Trigger(
        name="access_follows",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*COLUMNS, "held_by"),
        func=FOLLOW,
    )
]
RESPONSE_TRIGGERS = [
    pgtrigger.Trigger(
        name="access_follows",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=FOLLOW_CHANGE,
    )
]


def _follow_sightings(came, changed, gone, *, about, has, func):
    """`func` whenever a sighting comes, changes or goes; `has` says of a row of it whether there is anything to follow."""
    on = {"when": pgtrigger.After, "func": func}
    return [
        pgtrigger.Trigger(name=came, operation=pgtrigger.Insert, condition=has("new"), **on),
        pgtrigger.Trigger(
            name=changed, operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*about, "issue"), **on
        ),
        pgtrigger.Trigger(name=gone, operation=pgtrigger.Delete, condition=has("old"), **on),
    ]


SIGHTING_TRIGGERS = [
    *_follow_sightings(
        "quote_said",
        "quote_changed",
        "quote_gone",
        about=["quote", "quote_released_on"],
        has=lambda row: ~pgtrigger.Q(**{f"{row}__quote": ""}),
        func=FOLLOW_QUOTES,
    ),
    *_follow_sightings(
        "debrief_saw",
        "debrief_saw_another",
        "debrief_gone",
        about=["occasion_ref"],
        has=lambda row: pgtrigger.Q(**{f"{row}__occasion_ref__isnull": False}),
        func=FOLLOW_SIGHTINGS,
    ),
]
