"""Positive controls: each probe must fail on a view that is bad on purpose, or its silence would prove nothing."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from cycles.people.models import Agency
from hls import urls
from tests import factories as f
from tests.helpers.html import forms
from tests.safety import payloads, probes

FORM = "<form method=post><input type=hidden name=csrfmiddlewaretoken value={token}>{inside}<button>Go</button></form>"


def page(request, inside, status=200):
    html = FORM.format(token=get_token(request), inside=inside)
    return HttpResponse(f"<!doctype html><html><body>{html}</body></html>", status=status)


def text(request):
    return request.POST.get("text", "")


@login_not_required
def echoes(request):
    return page(request, f"<textarea name=text></textarea>{text(request)}", 422 if request.POST else 200)


@login_not_required
def breaks(request):
    if "(" in text(request):
        raise ValueError
    return page(request, "<textarea name=text></textarea>")


@login_not_required
def forgets(request):
    return page(request, "<textarea name=text></textarea>", 422 if request.POST else 200)


@login_not_required
def leads_away(request):
    return (
        HttpResponseRedirect("//" + text(request)[:9])
        if request.POST
        else page(request, "<textarea name=text></textarea>")
    )


@csrf_exempt
@login_not_required
def takes_all(request):
    if request.POST:
        Agency.objects.filter(pk=request.POST.get("agency") or 0).update(name="taken")
    options = "".join(f"<option value={a.pk}>{a.pk}</option>" for a in Agency.objects.filter(name__startswith="Mine"))
    return page(request, f"<select name=agency>{options}</select>")


@login_not_required
def acts_on_get(request):
    Agency.objects.update(name="changed by a link")
    return page(request, "<textarea name=text></textarea>")


@login_not_required
def takes_any_field(request):
    if "place" in request.POST:
        Agency.objects.update(place=request.POST["place"])
    return page(request, "<textarea name=text></textarea>")


@login_not_required
def says_fine(request):
    return page(request, '<textarea name=text aria-invalid="true"></textarea>')


@login_not_required
def keeps_version(request):
    if request.method == "POST":
        return HttpResponseRedirect("/bad/keeps_version/")
    return page(request, "<input type=hidden name=version value=1><textarea name=text></textarea>")


BAD = {
    v.__name__: v
    for v in (echoes, breaks, forgets, leads_away, takes_all, acts_on_get, takes_any_field, says_fine, keeps_version)
}
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns = [*urls.urlpatterns, *[path(f"bad/{name}/", view, name=name) for name, view in BAD.items()]]


@pytest.fixture
def bad(settings, client, db):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False

    def form(name):
        return forms(client.get(f"/bad/{name}/"), f"/bad/{name}/")[0]

    return form


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("echoes", "made of what was typed|<zqx>|attribute|on"),
        ("breaks", "500"),
        ("forgets", "lost what was typed"),
        ("leads_away", "leads to"),
        ("says_fine", "answered 200"),
    ],
)
def test_fuzz_notices(client, bad, name, why):
    form = bad(name)

    def often():  # until each text has had its turn
        for _ in payloads.XSS:
            probes.fuzz(client, form)

    with pytest.raises(AssertionError, match=why):
        often()


def test_csrf_probe_notices_an_exempt_view(bad, here):
    with pytest.raises(AssertionError, match="without a token"):
        probes.assert_changes_nothing(
            probes.assert_csrf_enforced, (probes.strict_client(here.worker), bad("takes_all"))
        )


def test_get_probe_notices_a_link_that_acts(client, bad, here):
    form = bad("acts_on_get")
    f.AgencyFactory(place=here.place)
    with pytest.raises(AssertionError, match=r"cycles_agency"):
        probes.assert_changes_nothing(probes.assert_get_is_safe, (client, form))


def test_foreign_probe_notices_a_view_that_takes_any_id(client, bad, here, elsewhere):
    f.AgencyFactory(place=here.place, name="Mine")
    form = bad("takes_all")
    theirs = f.AgencyFactory(place=elsewhere.place, name="Theirs")
    # the same form, as someone of the other place would be offered it
    other = forms(
        f"<form method=post><select name=agency><option value={theirs.pk}></select></form>", "/bad/takes_all/"
    )[0]
    tried = [(client, form, *one) for one in probes.foreign_choices(form, other)]
    with pytest.raises(AssertionError, match=r"cycles_agency.*'agency'"):
        probes.assert_changes_nothing(probes.assert_foreign_choices_refused, *tried)


def test_extra_field_probe_notices_a_view_that_takes_any_field(client, bad, here, elsewhere):
    f.AgencyFactory(place=here.place)
    with pytest.raises(AssertionError, match=r"cycles_agency\.place_id"):
        probes.assert_extra_fields_ignored(client, bad("takes_any_field"), elsewhere)


def test_second_editor_probe_notices_a_version_that_never_moves(client, bad):
    with pytest.raises(AssertionError, match="kept the version"):
        probes.assert_second_editor_is_told(client, bad("keeps_version"))


def test_fuzz_hands_every_text_to_every_box_in_time(client, bad, monkeypatch):
    """Whatever the form looks like: no box is left out of a round, and a few forms on each has met each text."""
    sent = []
    monkeypatch.setattr(
        probes, "send", lambda client, form, data, **extra: sent.append(data) or client.get("/health/live")
    )
    form = forms("<form method=post><input name=a><textarea name=b></textarea></form>", "/bad/forgets/")[0]
    probes.fuzz(client, form)
    for box in ("a", "b"):
        met = {data[box] for data in sent}
        assert all(met & set(words) for words in (payloads.XSS, payloads.NUL))
        assert met - {*payloads.XSS, *payloads.NUL}
    for _ in range(len(payloads.MIXED)):
        probes.fuzz(client, form)
    everything = {*payloads.XSS, *payloads.MARKDOWN, *payloads.TEXT, *payloads.FIDELITY}
    everything |= {*payloads.NUL, *payloads.BYTES, *payloads.REDOS, *payloads.TYPED}
    assert {data[box] for data in sent for box in ("a", "b")} == everything


def test_crawl_reaches_forms_behind_links(client, here):
    client.force_login(here.admin)
    names = {key[0] for key in probes.reachable_forms(client, ["/place/"])}
    assert {"people:invite", "people:team", "people:membership_new", "people:deactivate"} <= names
