"""Which moves wait for their group: kept on the move by the database, so that "what is asked of us" reads only those.

A group that decides has taken on ten times as much as it still has to answer, and asking of each whether it was
decided, closed or passed on took 140 ms at a million issues. The rule stands once, in `SET_WAITS`; the other two
triggers only touch the move, so that it is asked again.
"""

import pgtrigger

SET_WAITS = """SELECT i.status = 'open' AND (NEW.state = 'offered'
    OR NEW.state = 'accepted' AND i.held_by_id = NEW.to_team_id
      AND NOT EXISTS (SELECT FROM issues_decision d WHERE d.move_id = NEW.id))
  INTO NEW.waits FROM issues_issue i WHERE i.id = NEW.issue_id; RETURN NEW;"""
ASK_OF_ISSUE = """UPDATE issues_issuemove SET waits = waits
  WHERE issue_id = NEW.id AND state IN ('offered', 'accepted'); RETURN NULL;"""
ASK_OF_DECISION = """UPDATE issues_issuemove SET waits = waits WHERE id IN (NEW.move_id, OLD.move_id); RETURN NULL;"""

MOVE_TRIGGERS = [
    pgtrigger.Trigger(
        name="waits_for_its_group",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=SET_WAITS,
    )
]
WAITING_OF_ISSUE = [
    pgtrigger.Trigger(
        name="moves_wait",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("status", "held_by"),
        func=ASK_OF_ISSUE,
    )
]
WAITING_OF_DECISION = [
    pgtrigger.Trigger(
        name="moves_wait_no_more",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=ASK_OF_DECISION,
    )
]
