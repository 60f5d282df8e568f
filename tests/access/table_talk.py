"""Talk on an issue, files beside it, dossiers and links outside: readers of the issue; the link's holder, one page."""

from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from issues.dossiers import actions as dossiers
from issues.log import actions as log
from issues.talk import actions
from issues.talk.models import Attachment
from tests import factories as f
from tests.access.rows import CORE, PUBLIC, SIGNED_IN, Row
from tests.access.table_issues import ALL, INSIDE

WORKER = frozenset({"worker"})
LOOKS_AFTER = frozenset({"steward", "admin"})


def build(w):
    """A comment put right, with a file, on an issue raised to leaders; and a macro issue with all that must stay in."""
    w.commented = actions.comment(
        issue=w.raised, words=f"It was {w.secret('words before they were put right', CORE)}", by=w.worker
    )
    actions.put_right(comment=w.commented, words=f"It is {w.secret('talk on an issue', ALL)}", version=1, by=w.worker)
    w.file_words = w.secret("words of a file", ALL)
    w.file = Attachment.objects.create(
        comment=w.commented,
        by=w.worker,
        name="notes.txt",
        kind="txt",
        size=40,
        path=f"beside/xx/{uuid4().hex}",
        key=uuid4(),
    )
    w.macro = f.IssueFactory(
        cycle=w.cycle,
        raised_by=w.worker,
        description="The law takes money too soon",
        words=f"Said over tea, {w.secret('words behind a macro issue', CORE)}",
        level=3,
    )
    case = f.CaseFactory(
        team=w.core, worker=w.worker, alias=w.secret("alias behind a macro issue", CORE, must_be_met=False)
    )
    log.see_too(issue=w.macro, team=w.core, by=w.colleague, words=w.secret("seen too, macro", CORE), case=case)
    log.escalate(
        issue=w.macro,
        to_team=w.leadership,
        why=f"Law, {w.secret('why a macro issue was raised', ALL)}",
        asks="",
        by=w.worker,
    )
    actions.comment(issue=w.macro, words=f"We think {w.secret('talk on a macro issue', ALL)}", by=w.worker)
    words = {"rule": "", "rule_source": "", "cost": "", "shows_answers": False}
    before = w.secret("how a dossier read before", INSIDE)
    w.dossier = dossiers.write_dossier(issue=w.macro, by=w.worker, asks=before, **words)
    w.dossier = dossiers.write_dossier(issue=w.macro, by=w.worker, version=1, asks="Wait a month", **words)
    w.token = dossiers.make_link(dossier=w.dossier, to_whom="A department", days=30, by=w.worker, client_id=uuid4())
    w.link = w.dossier.links.get()
    w.link.first_read_at = timezone.now()
    w.link.save(update_fields=["first_read_at"])
    other = dossiers.make_link(dossier=w.dossier, to_whom="An office", days=30, by=w.worker, client_id=uuid4())
    link = w.dossier.links.for_token(other, timezone.now()).get()
    dossiers.reply(link=link, words=w.secret("a reply from outside", ALL), signed="", client_id=uuid4())


def raised(w):
    return {"ref": w.raised.ref}


def said(w):
    return {"ref": w.raised.ref, "pk": w.commented.pk}


def beside(w):
    """The file itself is put there when it is asked for: each test has a folder of its own."""
    if not default_storage.exists(w.file.path):
        default_storage.save(w.file.path, ContentFile(w.file_words.encode()))
    return {"ref": w.raised.ref, "key": UUID(str(w.file.key))}


def macro(w):
    return {"ref": w.macro.ref}


ROWS = [
    Row("issues:talk", raised, sees=ALL, posts=ALL),
    Row("issues:comment_edit", said, sees=WORKER, refused=ALL - WORKER, posts=WORKER),
    Row("issues:comment_take_back", said, sees=WORKER, refused=ALL - WORKER, posts=WORKER),
    Row("issues:comment_earlier", said, sees=CORE, refused=ALL - CORE),
    Row("issues:attachment", beside, sees=ALL),
    Row("issues:watch", raised, sees=ALL, only_post=True),
    Row("issues:issue", macro, sees=ALL),
    Row("issues:dossier", macro, sees=ALL),
    Row("issues:dossier_edit", macro, sees=INSIDE, refused=frozenset({"leader"}), posts=INSIDE),
    Row("issues:dossier_before", macro, sees=INSIDE, refused=frozenset({"leader"})),
    Row("issues:dossier_paper", macro, sees=ALL, only_post=True),
    Row("issues:dossier_pdf", macro, sees=ALL),
    Row("issues:dossier_share", macro, sees=INSIDE, refused=frozenset({"leader"}), posts=INSIDE),
    Row("issues:outside_links", sees=LOOKS_AFTER, refused=SIGNED_IN - LOOKS_AFTER),
    Row("issues:outside_end", lambda w: {"pk": w.link.pk}, sees=INSIDE | {"admin"}, only_post=True),
    # Its forms are tried in tests/issues/dossiers: whoever holds the link sends it, signed in or not.
    Row("issues:outside", lambda w: {"token": w.token}, sees=PUBLIC, posts=PUBLIC, crawl=False),
]
