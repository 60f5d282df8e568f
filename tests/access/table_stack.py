"""How a cycle was said, where it went and how it is joined: as its page is read. Ended links open nothing.

`joined` of the working group is joined to the core team's `own_cycle`; `parted` was, once.
"""

from django.utils import timezone

from cycles import models as c
from tests import factories as f
from tests.access.rows import SIGNED_IN, Row
from tests.access.table_cycles import READERS, change, of, own


def build(w):
    """What is written on a cycle and on its links, and a partnership that only stewards of `here` look into."""
    w.own_cycle.purposes.create(
        number=1, purpose=w.secret("purpose as it was", READERS), why=w.secret("why it was said", READERS), by=w.worker
    )
    w.own_cycle.stage_notes.create(stage="do", text=w.secret("note of a stage", READERS), by=w.worker)
    w.own_cycle.stage_moves.create(
        from_stage="purpose", to_stage="do", why=w.secret("why it moved", READERS), by=w.worker
    )
    c.CycleLink.objects.filter(pk=w.join.pk).update(
        why=w.secret("why they are joined", READERS),
        reply=w.secret("reply to a link", READERS),
        replied_by=w.helper,
        replied_at=timezone.now(),
    )
    # The evidence team reads how each cycle is governed, so it knows the titles.
    parted = f.LearningCycleFactory(
        team=w.leadership, title=w.secret("cycle that was joined once", {"leader", "steward", "evidence"})
    )
    c.PastLink.objects.create(
        source=w.own_cycle,
        target=parted,
        direction="horizontal",
        began_at=timezone.now(),
        because=w.secret("why a link ended", READERS | {"leader"}),
        by=w.worker,
    )
    w.partnership = f.TeamFactory(place=w.place, kind="partnership")  # who can act is known to all by name
    c.Guide.objects.create(
        team=w.partnership, kind="principle", text=w.secret("guide of a partnership", {"steward"}), by=w.worker
    )
    w.partnership.agencies.add(f.AgencyFactory(place=w.place, name=w.secret("agency in a partnership", SIGNED_IN)))


ROWS = [
    Row("cycles:stack", sees=SIGNED_IN),
    *[Row(f"cycles:{name}", own, sees=READERS) for name in ("purposes", "joined")],
    change("stage_note"),
    Row("cycles:link_part", of("join"), sees=READERS, posts=READERS),
    Row("cycles:partnership", of("partnership"), sees={"steward"}),
]
