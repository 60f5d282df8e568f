from django.urls import include, path

app_name = "issues"
urlpatterns = [
    path("", include("issues.sheets.urls")),  # before the log: "import" is not the ref of an issue
    path("", include("issues.barriers.urls")),
    path("", include("issues.groups.urls")),
    path("", include("issues.tries.urls")),
    path("", include("issues.tracks.urls")),
    path("", include("issues.receipts.urls")),
    path("", include("issues.patterns.urls")),
    path("", include("issues.saved.urls")),
    path("", include("issues.talk.urls")),
    path("", include("issues.dossiers.urls")),
    path("", include("issues.between.urls")),
    path("", include("issues.forum_cases.urls")),
    path("", include("issues.pledges.urls")),
    path("", include("issues.log.urls")),
]
