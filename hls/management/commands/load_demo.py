import json

from django.core.management.base import BaseCommand, CommandError

from hls.demo.load import AlreadyThere, load


class Command(BaseCommand):
    help = "Load the demo place Northbank into an empty database, with passwords made for this installation"

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="Do nothing when the database holds a place")
        parser.add_argument("--json", action="store_true", help="Print who can sign in as JSON")

    def handle(self, *, if_empty, **options):
        try:
            people = load()
        except AlreadyThere:
            if not if_empty and not options["json"]:
                raise CommandError(
                    "This database holds a place already. The demo is only loaded into an empty one; "
                    "clear_demo takes an earlier demo away."
                ) from None
            people = []
        if options["json"]:
            self.stdout.write(json.dumps(people))
            return
        for person in people:
            self.stdout.write(f"{person['role']:22} {person['email']:32} {person['password']}")
