"""The place as its administrators look after it: bodies, groups, people and the parts they play."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.notices.models import Notice
from cycles.people import actions, permissions
from cycles.people.forms import AgencyForm, EndForm, InviteForm, MembershipForm, TeamForm
from cycles.people.letters import send_invitation
from cycles.people.models import Agency, Invitation, Membership, Role, Team, User
from cycles.refusals import Refused
from hls.limits import limited

page = require_http_methods(["GET", "HEAD", "POST"])


def administered(request):
    """The place being looked after: the one whose door is open, else the first. For anyone else there is none."""
    mine = [m.place for m in request.user.rights.memberships if m.role == Role.PLACE_ADMIN]
    if not mine:
        raise Http404
    acting = request.acting.place_id if request.acting else None
    return next((place for place in mine if place.pk == acting), mine[0])


@require_safe
def place(request):
    where = administered(request)
    now = timezone.now()
    return TemplateResponse(
        request,
        "people/place.html",
        {
            "place": where,
            "agencies": Agency.objects.filter(place=where),
            "teams": Team.objects.filter(place=where).prefetch_related("agencies"),
            "people": _people_with_parts(where),
            "invitations": Invitation.objects.open(now).filter(place=where).select_related("team"),
            "mail_is_stuck": Notice.objects.stuck(now).filter(place=where).exists(),
        },
    )


def _people_with_parts(where):
    parts = Membership.objects.filter(place=where).select_related("team")
    people = User.objects.of(where).order_by("name", "pk").prefetch_related(Prefetch("memberships", parts, "parts"))
    today = timezone.localdate()
    for person in people:
        person.parts_now = [p for p in person.parts if p.to_on is None or p.to_on > today]
    return sorted(people, key=lambda person: not (person.is_active and person.parts_now))


# Agencies and groups


@page
def agency_new(request):
    return _edit(request, AgencyForm, None, "A new agency")


@page
def agency(request, pk):
    row = get_object_or_404(Agency.objects.filter(place__in=request.user.rights.administers), pk=pk)
    return _edit(request, AgencyForm, row, row.name)


@page
def team_new(request):
    return _edit(request, TeamForm, None, "A new group")


@page
def team(request, pk):
    row = get_object_or_404(Team.objects.filter(place__in=request.user.rights.administers), pk=pk)
    return _edit(request, TeamForm, row, row.name)


def _edit(request, form_class, row, title):
    where = row.place if row else administered(request)
    if request.method == "POST" and row is None and _sent_twice(form_class, where, request.POST):
        return redirect("people:place")
    form = form_class(request.POST or None, instance=row, place=where)
    if request.method == "POST" and form.is_valid():
        if form.is_stale:
            return _edit_page(request, form.with_both(), title, 409)
        if _saved(form):
            messages.success(request, f"{form.instance.name} is saved.")
            return redirect("people:place")
        if row is None and _sent_twice(form_class, where, request.POST):
            return redirect("people:place")
    return _edit_page(request, form, title, 422 if form.is_bound else 200)


def _sent_twice(form_class, where, sent):
    """The same name and kind again is the same row, not another one and not a mistake."""
    name = " ".join(sent.get("name", "").split()).replace("\x00", "")
    same = form_class.Meta.model.objects.filter(place=where, name=name, kind=sent.get("kind", "").replace("\x00", ""))
    return bool(name) and same.exists()


def _saved(form):
    """False where someone took the name between the check and the save."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("name", "Someone has just used this name. Give this one another.")
        return False
    return True


def _edit_page(request, form, title, status):
    context = {"form": form, "title": title, "clash": form.differences() if status == 409 else None}
    return TemplateResponse(request, "people/edit.html", context, status=status)


# People and the parts they play


def _person(request, pk):
    return get_object_or_404(User.objects.administered_by(request.user), pk=pk)


@require_safe
def person(request, pk):
    return _person_page(request, _person(request, pk))


def _person_page(request, who, form=None, status=200):
    where = administered(request)
    context = {
        "person": who,
        "place": where,
        "parts": Membership.objects.filter(user=who, place=where).select_related("team"),
        "today": timezone.localdate(),
        "form": form or MembershipForm(place=where),
        "can_deactivate": permissions.can_deactivate(request.user, who, where),
    }
    return TemplateResponse(request, "people/person.html", context, status=status)


@page
def membership_new(request, pk):
    who, where = _person(request, pk), administered(request)
    form = MembershipForm(request.POST or None, place=where)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.add_membership(
            user=who, place=where, role=told["role"], team=told["team"], from_on=told["from_on"], by=request.user
        )
        messages.success(request, "The part is added. It counts from that day.")
        return redirect("people:person", who.pk)
    return _person_page(request, who, form, 422 if form.is_bound else 200)


@page
def membership_end(request, pk):
    part = get_object_or_404(
        Membership.objects.administered_by(request.user).select_related("user", "team", "place"), pk=pk
    )
    form = EndForm(request.POST or None, membership=part)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_membership(membership=part, on=form.cleaned_data["on"], by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "The part ends on that day. What they wrote stays with the group.")
            still_in_charge = part.user_id != request.user.pk or part.role != Role.PLACE_ADMIN
            return redirect("people:person", part.user_id) if still_in_charge else redirect("front_door")
    context = {"part": part, "form": form}
    return TemplateResponse(request, "people/end.html", context, status=422 if form.is_bound else 200)


@require_POST
def deactivate(request, pk):
    who, where = _person(request, pk), administered(request)
    if not permissions.can_deactivate(request.user, who, where):
        raise PermissionDenied("You can end what this person does here, but not close this account.")
    try:
        actions.deactivate(person=who, place=where, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The account of {who} is closed. They are signed out everywhere.")
    return redirect("people:person", who.pk)


@require_POST
def reactivate(request, pk):
    who, where = _person(request, pk), administered(request)
    if not permissions.can_deactivate(request.user, who, where):
        raise PermissionDenied("Another place looks after this account too.")
    actions.reactivate(person=who, place=where, by=request.user)
    messages.success(request, f"The account of {who} is open again. They sign in as before.")
    return redirect("people:person", who.pk)


# Invitations


@page
@limited("invite", 30, 3600)
def invite(request):
    where = administered(request)
    form = InviteForm(request.POST or None, place=where)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        _send(
            request,
            actions.invite(place=where, email=told["email"], role=told["role"], team=told["team"], by=request.user),
        )
        return redirect("people:place")
    context = {
        "form": form,
        "title": "Ask someone in",
        "button": "Send the invitation",
        "clash": None,
        "is_invite": True,
    }
    return TemplateResponse(request, "people/edit.html", context, status=422 if form.is_bound else 200)


def _send(request, made):
    invitation, token = made
    if token:
        send_invitation(invitation, token)
        messages.success(request, f"An invitation is on its way to {invitation.email}. It works for 7 days.")
    else:
        messages.info(request, f"{invitation.email} already has this invitation. You can send a new link below.")


def _invitation(request, pk):
    mine = Invitation.objects.visible_to(request.user)
    return get_object_or_404(mine.select_related("place", "team"), pk=pk)


@require_POST
def withdraw(request, pk):
    actions.withdraw(invitation=_invitation(request, pk), by=request.user)
    messages.success(request, "The invitation is taken back. Its link no longer works.")
    return redirect("people:place")


@require_POST
@limited("invite", 30, 3600)
def invite_again(request, pk):
    found = _invitation(request, pk)
    if found.accepted_at:
        messages.info(request, "They have already come in.")
    else:
        _send(request, actions.invite_again(invitation=found, by=request.user))
    return redirect("people:place")
