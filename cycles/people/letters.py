"""The one mail this room writes. The link stands in it and nowhere else."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from hls.mail import send_soon


def link_of(token):
    return settings.SITE_URL + reverse("people:invitation", args=[token])


def send_invitation(invitation, token):
    words = render_to_string(
        "people/mail/invitation.txt", {"invitation": invitation, "link": link_of(token), "by": invitation.invited_by}
    )
    subject = f"Come and join {invitation.place} on {settings.SITE_NAME}"
    send_soon(EmailMessage(" ".join(subject.split()), words, to=[invitation.email]), what="invitation")
