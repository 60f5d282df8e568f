from django.core.management.base import BaseCommand, CommandError

from hls.sealed import NoKey, seal_again


class Command(BaseCommand):
    help = "Put all sealed words under the first of FIELD_KEYS, so that the keys behind it can go"

    def handle(self, **options):
        try:
            done, locked = seal_again()
        except NoKey as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"Sealed under the first key: {done}.")
        if locked:
            raise CommandError(
                f"No key here opens {locked} of them. They are as they were. Find the key that sealed them,"
                " put it behind the first one in FIELD_KEYS, and run this again."
            )
