from django.core.management.base import BaseCommand

from hls.demo.clear import clear


class Command(BaseCommand):
    help = "Take the demo place and its people away; nothing else is touched"

    def handle(self, **options):
        self.stdout.write("The demo place is gone." if clear() else "There is no demo place here.")
