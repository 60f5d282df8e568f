"""A mail server in memory, behind Django's own mail classes: busy, away, and cut off now and then."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from functools import partial
from smtplib import SMTP, SMTPServerDisconnected

from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

# What an answer says before the letter is taken; after two of these in a row the server is kind.
BUSY = ["not this reader now", "closing", "not this letter now", "cut before"]
AFTER = "cut after"


@dataclass
class Copy:
    """One letter as it was taken. `is_known`: the sender was told so, and lived to note it."""

    at: datetime
    to: str
    ident: str
    subject: str
    things: list
    body: str
    is_known: bool = True

    @property
    def is_of_the_day(self):
        return self.subject.endswith("to read in Cairn")


@dataclass
class PostOffice:
    chance: object
    stage: object
    refuses: float = 0.2
    away: list = field(default_factory=list)  # [(from, to)] in which nobody answers

    def __post_init__(self):
        self.taken, self.answers, self.in_a_row, self.first_seen = [], Counter(), Counter(), {}

    def line(self):
        return Line(self)

    def is_away(self, now):
        return any(begins <= now < ends for begins, ends in self.away)

    def let_in(self):
        if self.is_away(timezone.now()):
            self.answers["away"] += 1
            raise ConnectionRefusedError

    def mood(self, reader):
        """What will happen to the letter for this reader; None: it is taken."""
        if self.in_a_row[reader] >= 2 or self.chance.random() >= self.refuses:
            self.in_a_row[reader] = 0
            return None
        self.in_a_row[reader] += 1
        return self.chance.choice([*BUSY, AFTER])

    def receive(self, reader, mood, wire):
        self.first_seen.setdefault(message_from_bytes(bytes(wire))["Message-ID"], timezone.now())
        self.stage.point("on the line")
        if mood == "not this letter now":
            return self._answer(mood, (451, b"not now"))
        if mood == "cut before":
            self.answers[mood] += 1
            raise SMTPServerDisconnected(mood)
        copy = read(reader, wire)
        self.taken.append(copy)
        if mood == AFTER:
            copy.is_known = False
            self.answers[mood] += 1
            raise SMTPServerDisconnected(mood)
        self.stage.point("taken, not noted", killed=partial(setattr, copy, "is_known", False))
        return self._answer("taken", (250, b"taken"))

    def _answer(self, name, said):
        self.answers[name] += 1
        return said


class Line(EmailBackend):
    def __init__(self, office):
        super().__init__(host="post.example", port=25, username="", password="", use_tls=False, use_ssl=False)
        self.office = office

    @property
    def connection_class(self):
        return partial(Server, self.office)


class Server(SMTP):
    """The standard library's client with nobody at the other end of the wire."""

    def __init__(self, office, host, port, **words):
        self.office, self.reader, self.mood, self.does_esmtp, self.sock = office, None, None, False, None
        office.let_in()

    def ehlo_or_helo_if_needed(self):
        pass

    def docmd(self, cmd, args=""):
        if cmd == "mail":
            assert re.fullmatch(r"FROM:<[^<> ]+>", args), args
            return 250, b"ok"
        assert cmd == "rcpt", cmd
        return self.rcpt(re.fullmatch(r"TO:<([^<> ]+)>", args)[1])

    def mail(self, sender, options=()):
        return 250, b"ok"

    def rcpt(self, recip, options=()):
        self.reader, self.mood = recip, self.office.mood(recip)
        if self.mood == "not this reader now":
            return self.office._answer(self.mood, (450, b"not now"))
        if self.mood == "closing":
            return self.office._answer(self.mood, (421, b"closing"))
        return 250, b"ok"

    def data(self, msg):
        return self.office.receive(self.reader, self.mood, msg)

    def rset(self):
        return 250, b"ok"

    _rset = rset

    def quit(self):
        return 221, b"bye"

    def close(self):
        pass


def read(reader, wire):
    letter = message_from_bytes(bytes(wire), policy=policy.default)
    body = letter.get_body(("plain",)).get_content()
    return Copy(timezone.now(), reader, letter["Message-ID"], letter["Subject"], things(body), body)


def things(body):
    """What a letter tells of: debriefs by their page, issues by their reference."""
    debriefs = [f"debrief {pk}" for pk in re.findall(r"/debriefs/(\d+)/", body)]
    return debriefs + [f"issue {ref}" for ref in re.findall(r"issue you raised or follow: (\S+)\.", body)]
