"""A form that keeps itself as it is typed, on the server and on one's own device, until it is sent.

A view makes a `Kept`, lets it answer the buttons that are its own, shows `words` in a form that is not posted, and
says `done` in the same step that keeps what was sent. templates/parts/kept_*.html are its parts of the page.
"""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cycles.drafts.keeping import CLASH, chosen, clash_of, had_of, lay_in, page_of, times_of, whole, words_of
from cycles.drafts.models import CHOSEN, FILLED_IN, FormDraft

MANY = {"present", "reasons"}
SENT_MOST = 20  # ids of forms that were sent, for devices that come back late


class Kept:
    """One person's draft of one form, found again at `page`. `url` takes what is typed; leaving leads `back`.

    `many`: two versions may as well be two things, each to be sent by itself; the second waits behind the first.
    """

    def __init__(self, request, form, *, called, url, page, back, cycle=None, team=None, many=False):
        self.request, self.by, self.form = request, request.user, form
        self.called, self.url, self.cycle, self.team = called, url, cycle, team
        self.page, self.back, self.many = page, back, many
        self.writer = request.POST.get("writer") or uuid.uuid4()
        self.other, self.took_part = [], True
        self.row = FormDraft.objects.visible_to(self.by).filter(form=form).first()

    @property
    def draft(self):
        return self.row.draft if self.row else {}

    @property
    def words(self):
        return self.draft.get("words", {})

    @property
    def revision(self):
        return self.row.revision if self.row else 0

    @property
    def saved_at(self):
        return self.row.saved_at if self.row and self.row.has_words else None

    @property
    def sent(self):
        """For the page, the ids of what was sent: a device that kept a copy forgets it."""
        return " ".join(self.draft.get("sent", []))

    @property
    def had(self):
        return had_of(self.draft)

    @property
    def other_at(self):
        return parse_datetime(self.draft["other_at"]) if self.draft.get("other_at") else None

    @property
    def may_be_two(self):
        """Not where they are about two lives: each goes with its own."""
        theirs = self.draft.get("other", {})
        return self.many and (theirs.get("case") or "") == (self.words.get("case") or "")

    def beside(self, form):
        """For the page: with both versions, where there are two."""
        self.other = clash_of(form, self.draft)
        return self

    def answer(self):
        """Keep what was posted, whatever the button. Where it goes next, or None for the form's own button."""
        if self.request.method != "POST":
            return None
        what, _, which = self.request.POST.get("action", "").partition(":")
        self.took_part = "revision" in self.request.POST
        if not self.took_part and what not in ("draft", "keep"):
            return None  # not from a page that keeps a draft: it lies over none, and none goes with it
        if what == "keep" and self._settle(which):
            return redirect(self.page)
        state = self._keep()
        if state == "clash" or (what != "draft" and "other" in self.draft):
            messages.warning(self.request, CLASH)
            return redirect(self.page)
        if what == "draft":
            messages.success(self.request, "Saved as a draft. Only you can see it.")
            return redirect(self.back)
        return None

    def typed(self):
        """What the page sends by itself as someone types; the device sends kept words here too, and reads JSON."""
        state, revision = self._keep(), self.revision
        if state == "clash":
            # The page stays at what it began from: with the newest revision, its next save would win unseen.
            revision = whole(self.request.POST.get("revision"))
        if self.request.accepts("text/html"):
            told = {"kept": self, "state": state, "revision": revision, "saved_at": self.saved_at}
            answer = TemplateResponse(self.request, "parts/kept_typed.html", told)
        else:
            answer = JsonResponse({"state": state, "revision": revision})
        answer["X-Kept"] = "1"
        return answer

    @transaction.atomic
    def done(self, client_id):
        """It was sent: the draft goes, and only the id of what was sent stays. What was put aside comes next."""
        if not self.took_part:
            return
        row = self._lock()
        sent, aside = dict.fromkeys([str(client_id), *row.draft.get("sent", [])]), row.draft.get("aside", [])
        row.draft = {"sent": [*sent][:SENT_MOST]}
        row.has_words, row.saved_at = False, None
        if aside:
            row.draft |= {"words": aside[0]} | ({"aside": aside[1:]} if aside[1:] else {})
            row.has_words, row.saved_at = True, timezone.now()
            messages.info(self.request, "What you put aside is in the form now, as a draft.")
        row.revision += 1
        row.save()

    def _lock(self):
        mine = FormDraft.objects.select_for_update(of=("self",)).filter(author=self.by, form=self.form)
        self.row = mine.first()
        if self.row is None:  # two pages may make it at once
            about = {"page": self.page, "called": self.called, "cycle": self.cycle, "team": self.team}
            FormDraft.objects.get_or_create(author=self.by, form=self.form, defaults=about)
            self.row = mine.get()
        return self.row

    @transaction.atomic
    def _keep(self):
        """ "saved", "clash" (both versions are kept) or "shared" (sent already, so nothing is)."""
        row, words = self._lock(), self._posted()
        if words.get("client_id") in row.draft.get("sent", []):
            return "shared"
        is_free = not row.has_words and "other" not in row.draft  # no words that these could lie over
        clashed = lay_in(
            row,
            words=words,
            revision=row.revision if is_free else whole(self.request.POST.get("revision")),
            **page_of(self.request.POST),
        )
        self._save(row)
        return "clash" if clashed else "saved"

    @transaction.atomic
    def _settle(self, which):
        """The writer has seen both versions and sent the words to keep. False if a third one came in between."""
        row = self._lock()
        if row.revision != whole(self.request.POST.get("revision")) or (which == "apart" and not self.may_be_two):
            return False
        words, now = chosen(which, self._posted(), row.draft), timezone.now()
        aside, stays = row.draft.get("aside", []), {"sent": row.draft.get("sent", [])}
        if which == "apart" and "other" in row.draft:
            aside = [*aside, row.draft["other"]]
            messages.success(self.request, "Put aside. It is here when this one is sent.")
        stays |= {"aside": aside} if aside else {}
        row.draft = {"words": words, "times": times_of(row.draft, words, now)} | stays | page_of(self.request.POST)
        row.saved_at = now
        row.revision += 1
        self._save(row)
        return True

    def _posted(self):
        return words_of(self.request.POST, is_many=MANY.__contains__)

    def _save(self, row):
        row.has_words = any(value for name, value in self.words.items() if name not in CHOSEN | FILLED_IN)
        row.has_words = row.has_words or bool(row.draft.get("aside"))  # it is found again, and read, on Today
        row.page, row.called, row.cycle, row.team = self.page, self.called, self.cycle, self.team
        row.save()
