from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CyclesConfig(AppConfig):
    name = "cycles"

    def ready(self):
        from cycles.questions.sets import load_questions

        post_migrate.connect(load_questions, sender=self, dispatch_uid="cycles.load_questions")
