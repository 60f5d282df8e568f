from django.apps import AppConfig


class DebriefsConfig(AppConfig):
    name = "debriefs"

    def ready(self):
        from debriefs.record import there
        from issues.talk.company import company

        company.people_of, company.occasions_of = there.people_of, there.debriefs_of
