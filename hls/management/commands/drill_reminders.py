import tempfile

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Send many reminders at once through real workers, beats, kills and cut lines, and count what arrives."

    def add_arguments(self, parser):
        parser.add_argument("count", type=int, nargs="?", default=10_000)
        parser.add_argument("--workers", type=int, default=4)
        parser.add_argument("--beats", type=int, default=2)
        parser.add_argument("--kills", type=int, default=3)
        parser.add_argument("--drop", type=float, default=0.01, help="share of lines cut after DATA")
        parser.add_argument("--refuse", type=float, default=0.0, help='share of letters answered "not now"')

    def handle(self, *args, count, workers, beats, kills, drop, refuse, **options):
        if settings.PRODUCTION:
            raise CommandError("Never in production: the drill sends what is due to a server that fails on purpose.")
        from hls.notices import drill

        with tempfile.TemporaryDirectory() as folder:
            came = drill.run(
                count,
                folder=folder,
                workers=workers,
                beats=beats,
                kills=kills,
                drop_share=drop,
                refuse_share=refuse,
            )
        self.stdout.write(
            f"{came.due} due, {came.different} arrived in {came.seconds:.1f} s (99% within {came.p99:.1f} s); "
            f"{came.dropped} lines cut after DATA, {came.refused} told to wait, {came.kills} workers killed; "
            f"{sum(came.repeats.values())} repeats under the same Message-ID; {came.unsent} unsent."
        )
        if wrong := came.faults():
            raise CommandError("; ".join(wrong))
