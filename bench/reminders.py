"""Due reminders through Cairn to a mail server on this machine, against bare smtplib on one kept line.

    python -m bench.reminders             # 5,000
    python -m bench.reminders 50000

Uses the database of DATABASE_URL. The rows are the drill's own and are taken away again.
"""

import os
import smtplib
import sys
import time

import django

from bench.run import free_port


class Taker:
    """A mail server that takes everything and keeps a count."""

    def __init__(self):
        self.taken = 0

    async def handle_DATA(self, server, session, envelope):
        self.taken += 1
        return "250 taken"


def through_cairn(count):
    from django.utils import timezone

    from cycles.notices.models import Notice
    from hls.notices import drill, sending

    # Rows left from elsewhere would be sent, and counted, too.
    if Notice.objects.due(timezone.now()).exists():
        sys.exit("There are due notices in this database already. The bench sends only its own.")
    place = drill.make_due(count)
    try:
        began = time.perf_counter()
        while sending.send_batch(timezone.now()):
            pass
        return time.perf_counter() - began
    finally:
        drill.clear(place)


def bare(count, port, letter):
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for n in range(count):
            line.sendmail("cairn@localhost", f"bench{n}@example.org", letter)
    return time.perf_counter() - began


def a_letter():
    from cycles.people.models import User
    from hls.notices.letters import Line, letter

    line = Line("Your team’s debrief is at 4pm.", "https://cairn.example.org/debriefs/1/write/")
    user = User(email="bench@example.org", name="Bench", short_name="Bench")
    return letter(user, [line], key="bench", subject="A debrief").message().as_bytes(linesep="\r\n")


def main():
    from aiosmtpd.controller import Controller

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    taker = Taker()
    port = free_port()
    os.environ["MAIL_URL"] = f"smtp://127.0.0.1:{port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    django.setup()
    sink = Controller(taker, hostname="127.0.0.1", port=port)
    sink.start()
    try:
        ours = through_cairn(count)
        sent, taker.taken = taker.taken, 0
        floor = bare(count, port, a_letter())
    finally:
        sink.stop()
    assert sent == taker.taken == count, (sent, taker.taken)
    print(f"{count:,} reminders: {ours:.1f} s ({count / ours:,.0f} a second)")
    print(f"bare smtplib on one line: {floor:.1f} s ({count / floor:,.0f} a second)")
    print(f"ratio {ours / floor:.2f} (goal 2)")


if __name__ == "__main__":
    main()
