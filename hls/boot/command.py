"""Any Django command, given the embedded servers if no other database is named."""

import os

from . import database, say, settings, up
from .services import Services, running

# They look at files only.
WITHOUT_SERVERS = {"help", "version", "--help", "-h", "--version", "check", "collectstatic", "diffsettings"}
WITHOUT_SERVERS |= {"compilemessages", "makemessages", "findstatic"}
# They change what tables there are, so they see to that themselves.
OWN_MIGRATIONS = {
    "migrate",
    "makemigrations",
    "showmigrations",
    "sqlmigrate",
    "flush",
    "migrations",
    "squashmigrations",
}


def django(argv):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)


def run(project, installation, argv):
    """Run it here, with the servers started for it if `up` doesn't keep them running."""
    name = argv[1] if len(argv) > 1 else "help"
    installation.make()
    services = Services(installation)
    port = up.running_facts(installation).get("address", ":8000").rpartition(":")[2]
    if name in WITHOUT_SERVERS or not services.servers:
        os.environ.update(settings.variables(installation, services, port=port))
        return django(argv)
    with running(services):
        if services.started:
            say.line("Started the embedded database for this command; it stops when the command ends.")
        else:
            say.line("Using the embedded database that is already running.")
        os.environ.update(settings.variables(installation, services, port=port))
        if name not in OWN_MIGRATIONS:
            database.migrate(project, installation, services, dict(os.environ))
        django(argv)
        if name == "clear_demo":
            installation.note(demo=[])  # `up` would go on naming people who are gone
        return 0
