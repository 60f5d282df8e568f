from django.urls import path

from issues.log.models import Response
from issues.log.views import changes, log, page, raising

urlpatterns = [
    path("issues/", log.issue_list, name="list"),
    path("issues/new/", raising.new_issue, name="new"),
    path("issues/new/draft/", raising.new_issue_draft, name="new_draft"),
    path("issues/similar/", raising.similar_issues, name="similar"),
    path("issues/<slug:ref>/", page.issue_page, name="issue"),
    path("issues/<slug:ref>/history/", page.history, name="history"),
    path("issues/<slug:ref>/edit/", changes.edit, name="edit"),
    path("issues/<slug:ref>/level/", changes.level, name="level"),
    path(
        "issues/<slug:ref>/countermeasure/",
        changes.respond,
        {"kind": Response.Kind.COUNTERMEASURE},
        name="countermeasure",
    ),
    path(
        "issues/<slug:ref>/system-change/",
        changes.respond,
        {"kind": Response.Kind.SYSTEM_CHANGE},
        name="system_change",
    ),
    path("issues/<slug:ref>/close/", changes.close, name="close"),
    path("issues/<slug:ref>/reopen/", changes.reopen, name="reopen"),
    path("issues/<slug:ref>/escalate/", changes.escalate, name="escalate"),
    path("issues/<slug:ref>/withdraw/", changes.withdraw, name="withdraw"),
    path("issues/<slug:ref>/seen/", changes.see_too, name="seen"),
    path("issues/<slug:ref>/quotes/<int:pk>/", changes.quote, name="quote"),
    path("issues/<slug:ref>/fit/", changes.fit, name="fit"),
]
