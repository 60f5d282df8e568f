"""Sign-in and passwords (of allauth's addresses only these exist), one's account, and the place."""

from django.urls import include, path, re_path

from cycles.people.views import account, invitations, place, signing

signing_in = [
    path("account/login/", signing.login, name="account_login"),
    path("account/logout/", signing.logout, name="account_logout"),
    path("account/inactive/", signing.inactive, name="account_inactive"),
    path("account/password/change/", signing.password_change, name="account_change_password"),
    path("account/password/reset/", signing.password_reset, name="account_reset_password"),
    path("account/password/reset/done/", signing.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        signing.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        signing.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
people = [
    path("account/", account.account, name="account"),
    path("account/switch/", account.switch, name="switch"),
    path("account/others/sign-out/", account.sign_out_others, name="sign_out_others"),
    path("account/kept-words/", account.kept_words, name="kept_words"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("place/", place.place, name="place"),
    path("place/agencies/new/", place.agency_new, name="agency_new"),
    path("place/agencies/<int:pk>/", place.agency, name="agency"),
    path("place/groups/new/", place.team_new, name="team_new"),
    path("place/groups/<int:pk>/", place.team, name="team"),
    path("place/people/<int:pk>/", place.person, name="person"),
    path("place/people/<int:pk>/part/", place.membership_new, name="membership_new"),
    path("place/people/<int:pk>/close/", place.deactivate, name="deactivate"),
    path("place/people/<int:pk>/open/", place.reactivate, name="reactivate"),
    path("place/parts/<int:pk>/end/", place.membership_end, name="membership_end"),
    path("place/invitations/new/", place.invite, name="invite"),
    path("place/invitations/<int:pk>/withdraw/", place.withdraw, name="withdraw"),
    path("place/invitations/<int:pk>/again/", place.invite_again, name="invite_again"),
]
urlpatterns = [*signing_in, path("", include((people, "people")))]
