"""An answer to “what gets in the way?” that became an issue: the link is kept on this floor, which knows both."""

from django.db import models

from cycles.questions.models import Answer
from issues.log.models import Issue, OfIssueQuerySet


class Barrier(models.Model):
    """One answer leads to one issue, however often it is pressed; an issue may come from several answers."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="barrier")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="barriers")

    objects = OfIssueQuerySet.as_manager()

    def __str__(self):
        return f"answer {self.answer_id}, issue {self.issue_id}"
