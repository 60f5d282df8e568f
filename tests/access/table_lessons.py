"""Lessons, what was offered, and the line of a change.

`own_cycle`, `joined`, `case` and `lesson` are made by table_cycles; the debrief with its answer by table_debriefs. A lesson
of a life passes its words to the team of that life: whoever reads those words never opens the life.
"""

from cycles.lessons import actions
from debriefs.models import Produced
from tests import factories as f
from tests.access.rows import CORE, SIGNED_IN, Row
from tests.access.table_cycles import ALONGSIDE, CHANGERS, READERS, alongside, change, of, press
from tests.access.table_issues import INSIDE, inside

ASKED = {"helper", "steward"}


def build(w):
    w.lever = f.LessonFactory(
        cycle=w.own_cycle,
        change_wanted=w.secret("change wanted", READERS),
        is_leverage=True,
        leverage_note=w.secret("leverage note", READERS),
        by=w.worker,
    )
    passed = f.LessonFactory(cycle=w.own_cycle, text=w.secret("lesson passed on", READERS), by=w.worker)
    w.offered = f.OfferFactory(
        lesson=passed, to=w.joined, text=w.secret("words as passed", READERS), why=w.secret("why them", READERS)
    )
    w.normal = f.OfferFactory(
        lesson=f.LessonFactory(cycle=w.own_cycle, by=w.worker),
        to=w.joined,
        embedded=True,
        reply=w.secret("reply to an offer", READERS),
    )
    w.refused = f.OfferFactory(
        lesson=f.LessonFactory(cycle=w.own_cycle, by=w.worker),
        to=w.joined,
        state="declined",
        reply=w.secret("why not", READERS),
    )
    w.life_lesson = f.LessonFactory(
        cycle=w.case.cycle, text=w.secret("lesson from a life", ALONGSIDE), level="team", by=w.worker
    )
    w.from_life = actions.offer_lesson(
        lesson=w.life_lesson, to=w.own_cycle, text=w.secret("words from a life", CHANGERS), why="", by=w.worker
    )
    w.note = w.held.answers.get()
    Produced.objects.create(debrief=w.held, contribution=w.note.contribution, question=w.note.question, lesson=w.lesson)


def asked(name, row):
    """For those of the cycle that was asked; the others who read it are refused."""
    return Row(f"cycles:{name}", of(row), sees=ASKED, refused=CORE, posts=ASKED)


ROWS = [
    Row("cycles:lessons", sees=SIGNED_IN),
    Row("cycles:offers", sees=SIGNED_IN),
    change("lesson_new"),
    Row("cycles:lesson_queue", of("joined"), sees=ASKED, refused=CORE),
    Row("cycles:lesson", of("lesson"), sees=READERS),
    Row("cycles:lesson", of("lever"), sees=READERS),
    Row("cycles:lesson", of("life_lesson"), sees=ALONGSIDE),
    Row("cycles:lesson_trace", of("lesson"), sees=READERS),
    Row("cycles:lesson_trace", of("life_lesson"), sees=ALONGSIDE),
    *[change(f"lesson_{name}", of("lesson")) for name in ("edit", "raise", "lower", "offer", "embed", "issue")],
    *[
        Row(f"cycles:lesson_{name}", of("life_lesson"), sees=ALONGSIDE, posts=ALONGSIDE)
        for name in ("edit", "raise", "lower", "offer", "embed")
    ],
    Row("cycles:lesson_issue", of("life_lesson"), refused=ALONGSIDE),
    Row("cycles:lesson_seen", of("lesson"), sees=CORE | {"helper"}, refused={"steward"}, posts=CORE | {"helper"}),
    alongside("person_lesson_new"),
    *[Row("cycles:offer", of(name), sees=READERS) for name in ("offered", "normal", "refused")],
    Row("cycles:offer", of("from_life"), sees=CHANGERS),
    Row("cycles:offer_trace", of("offered"), sees=READERS),
    Row("cycles:offer_trace", of("from_life"), sees=CHANGERS),
    asked("offer_reply", "offered"),
    asked("offer_again", "refused"),
    asked("offer_embed", "offered"),
    asked("offer_lapse", "normal"),
    press("offer_take_back", of("offered")),
    Row("cycles:offer_own", of("normal"), refused=CORE, posts=ASKED, only_post=True),
    Row("cycles:note_trace", of("note"), sees=CORE),
    Row("cycles:issue_trace", inside, sees=INSIDE),
]
