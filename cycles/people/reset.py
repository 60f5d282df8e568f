"""Asking for a new password: the same work for an address that nobody has."""

from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset

from cycles.people.models import User


class ResetForm(ResetPasswordForm):
    def save(self, request, **kwargs):
        people = self.users or [User(pk=0, email="")]  # a letter to nobody is written, and goes nowhere
        request_password_reset(request, self.cleaned_data["email"], people, default_token_generator)
        return self.cleaned_data["email"]
