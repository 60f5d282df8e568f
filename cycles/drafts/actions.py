"""What an author does with words of their own that no form takes any more."""

from hashlib import sha256

from django.db import transaction

from cycles.drafts.keeping import lay_in
from cycles.drafts.models import FormDraft
from cycles.drafts.reading import is_said

RESCUED = "Words from a form you can’t open any more"


@transaction.atomic
def delete_draft(*, draft, by):
    """The words go; the ids of what was sent stay, so that a device that comes back late adds nothing."""
    row = FormDraft.objects.visible_to(by).select_for_update(of=("self",)).get(pk=draft.pk)
    row.draft = {"sent": row.draft.get("sent", [])}
    row.has_words, row.saved_at = False, None
    row.revision += 1
    row.save()


@transaction.atomic
def rescue(*, address, words, revision, writer, seq, by):
    """Keep what a device still holds of a form at `address` that its author can no longer send to.

    Nothing of the form is asked, and nobody else reads it. The same words sent again are kept once.
    """
    if not any(is_said(name, text) for name, text in words.items()):
        return None
    form = f"rescued-{sha256(address.encode()).hexdigest()[:40]}"
    made, _ = FormDraft.objects.get_or_create(author=by, form=form, defaults={"called": RESCUED})
    row = FormDraft.objects.select_for_update(of=("self",)).get(pk=made.pk)
    lay_in(row, words=words, revision=revision, writer=writer, seq=seq)
    row.has_words = True
    row.save()
    return row
