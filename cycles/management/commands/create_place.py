"""`create_place NAME --admin EMAIL`: a place of one's own and the link by which its first administrator comes in."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from cycles.people.actions import invite
from cycles.people.letters import link_of, send_invitation
from cycles.people.models import Place, Role
from hls.mail import drain


class Command(BaseCommand):
    help = "Make a place and invite its first administrator. Prints the link, which works once, for 7 days."

    def add_arguments(self, parser):
        parser.add_argument("name", help="What people call the place: Northbank, or Northbank Council")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="The first place administrator")
        parser.add_argument("--duty-line", default="", help="The number to ring when someone is in danger")
        parser.add_argument("--mail", action="store_true", help="Also send the link by mail")

    @transaction.atomic
    def handle(self, *, name, admin, duty_line, mail, **options):
        validate(admin)
        slug = slugify(name)[:60]
        if not slug or Place.objects.filter(slug=slug).exists():
            raise CommandError(f"There is already a place called {name!r}, or the name has no letters.")
        place = Place.objects.create(name=name, slug=slug, duty_line=duty_line)
        invitation, token = invite(place=place, email=admin, role=Role.PLACE_ADMIN, team=None, by=None)
        if mail:
            transaction.on_commit(lambda: (send_invitation(invitation, token), drain(60)))
        self.stdout.write(f"{place} is ready. The first administrator comes in here, once, within 7 days:")
        self.stdout.write(link_of(token))


def validate(address):
    try:
        validate_email(address)
    except ValidationError as error:
        raise CommandError(f"{address!r} is not an e-mail address.") from error
