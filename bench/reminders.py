"""Due reminders through Cairn to a mail server on this machine, against bare smtplib on one kept line.

    python -m bench.reminders             # 5,000
    python -m bench.reminders 50000
    python -m bench.reminders 5000 --each 1000    # and that many with one Celery task each, on REDIS_URL

Uses the database of DATABASE_URL. The rows are the drill's own and are taken away again. The mail server is a
process of its own, so that it takes no time from the sender's.
"""

import argparse
import multiprocessing
import os
import smtplib
import sys
import time
from contextlib import contextmanager

from bench.run import free_port


def take(port, taken, last):
    """A mail server that takes everything, and keeps a count and the moment of the newest."""
    import asyncio

    from aiosmtpd.smtp import SMTP

    class Taker:
        async def handle_DATA(self, server, session, envelope):
            taken.value += 1
            last.value = time.perf_counter()
            return "250 taken"

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Taker(), loop=loop), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(serve())


class Sink:
    def __init__(self):
        self.port, self.taken, self.last = free_port(), multiprocessing.Value("L"), multiprocessing.Value("d")

    @contextmanager
    def running(self):
        process = multiprocessing.get_context("fork").Process(
            target=take, args=(self.port, self.taken, self.last), daemon=True
        )
        process.start()
        try:
            for _ in range(100):
                try:
                    smtplib.SMTP("127.0.0.1", self.port).quit()
                    break
                except OSError:
                    time.sleep(0.1)
            yield self
        finally:
            process.terminate()
            process.join()

    def emptied(self):
        count, self.taken.value = self.taken.value, 0
        return count


def through_cairn(count):
    """Seconds from the first claim to the last mark; answers the processor's seconds of ours too."""
    from django.utils import timezone

    from cycles.notices.models import Notice
    from hls.notices import drill, sending

    # Rows left from elsewhere would be sent, and counted, too.
    if Notice.objects.due(timezone.now()).exists():
        sys.exit("There are due notices in this database already. The bench sends only its own.")
    place = drill.make_due(count)
    try:
        began, worked = time.perf_counter(), time.process_time()
        # What is an hour late would be folded; on a slow machine the last of 50,000 would be.
        while sending.send_batch(timezone.now()) or sending.send_late(timezone.now()):
            pass
        return time.perf_counter() - began, time.process_time() - worked
    finally:
        drill.clear(place)


def bare(count, port, letter):
    began, worked = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for n in range(count):
            line.sendmail("cairn@localhost", f"bench{n}@example.org", letter)
    return time.perf_counter() - began, time.process_time() - worked


def one_each(count, sink):
    """Letters a second with one task each, from the first to the last that arrived; a worker's start is left out."""
    from bench.one_each import send_one
    from cycles.notices.models import Notice
    from hls.notices import drill

    place, crew = drill.make_due(count), drill.Crew(sink.port, "bench.one_each")
    try:
        for pk in Notice.objects.filter(place=place).values_list("pk", flat=True):
            send_one.delay(pk)
        crew.worker(1)
        if not drill.wait_until(lambda: sink.taken.value > 0, 60, every=0.01, meanwhile=crew.check):
            sys.exit("The worker sent nothing. Is REDIS_URL a queue of the bench's own?")
        began = time.perf_counter()
        drill.wait_until(lambda: sink.taken.value >= count, 600, every=0.05, meanwhile=crew.check)
        return (sink.emptied() - 1) / (sink.last.value - began)
    finally:
        crew.stop()
        drill.clear(place)


def a_letter():
    from cycles.people.models import User
    from hls.notices.letters import Line, letter

    line = Line("Your team’s debrief is at 4pm.", "https://cairn.example.org/debriefs/1/write/")
    user = User(pk=1, email="bench@example.org", name="Bench", short_name="Bench")
    made = letter(user, [line], key="bench", subject="A debrief", what="debrief_soon")
    return made.message().as_bytes(linesep="\r\n")


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("count", type=int, nargs="?", default=5000)
    asked.add_argument("--each", type=int, default=0, help="how many to send with one task each")
    asked = asked.parse_args()
    count, sink = asked.count, Sink()
    os.environ["MAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
    os.environ["QUIET_HOURS"] = ""  # it may run at any hour
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    with sink.running():
        import django

        django.setup()
        a_letter()  # loads addresses and templates, as a worker that has been up for a minute has
        floor, floor_cpu = bare(count, sink.port, a_letter())
        assert sink.emptied() == count
        ours, ours_cpu = through_cairn(count)
        assert (sent := sink.emptied()) == count, (sent, count)
        each = one_each(asked.each, sink) if asked.each else 0
    print(
        f"{count:,} reminders: {ours:.1f} s ({count / ours:,.0f} a second), {ours_cpu / count * 1000:.2f} ms of CPU each"
    )
    print(f"bare smtplib on one line: {floor:.1f} s ({count / floor:,.0f} a second), {floor_cpu / count * 1000:.2f} ms")
    print(f"ratio {ours / floor:.2f} (goal 2)")
    if each:
        print(f"one task each: {each:,.0f} a second; batches are {count / ours / each:.1f} times that (goal 5)")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
