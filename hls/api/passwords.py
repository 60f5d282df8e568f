"""A new password ends other sessions by itself; tokens are what else works in a person's name, so they are asked about.

Why it is asked and not simply done, see docs/adr/0034.
"""

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm
from django import forms
from django.db import transaction
from django.utils import timezone

from hls.api.actions import end_tokens_of


class EndsTokens:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user and self.user.api_tokens.alive(timezone.now()).exists():
            self.fields["end_tokens"] = forms.BooleanField(
                label="End my tokens for programs too",
                required=False,
                initial=True,
                help_text="Leave it ticked if anyone else may know your old password. Programs that use them stop working.",
            )

    @transaction.atomic
    def save(self):
        super().save()
        if self.cleaned_data.get("end_tokens"):
            end_tokens_of(user=self.user)


class ChangeForm(EndsTokens, ChangePasswordForm):
    pass


class ResetKeyForm(EndsTokens, ResetPasswordKeyForm):
    pass
