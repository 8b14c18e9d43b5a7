"""What people tell us about themselves, and how they prove who they are."""

import unicodedata
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.fields import PasswordField
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.models import User
from accounts.personal_data import Texts

NAME_MIN_LENGTH = 2
BY_CODE = "code"


class DisplayNameField(forms.CharField):
    """A name that others see: one line, with letters, and nobody else's."""

    member: User | None = None  # whose name it is, once they are a member

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Your name, as others will see it"),
            min_length=NAME_MIN_LENGTH,
            max_length=User._meta.get_field("display_name").max_length,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            **options,
        )

    def to_python(self, value: Any) -> str:
        return " ".join(str(value or "").split())

    def validate(self, value: str) -> None:
        super().validate(value)
        # Invisible and direction-turning characters would let one person pass for another.
        if any(unicodedata.category(character).startswith("C") for character in value):
            raise ValidationError(_("Use letters only, without special characters."))
        if not any(character.isalpha() for character in value):
            raise ValidationError(_("Give a name with letters."))
        if names.mixes_alphabets(value):
            raise ValidationError(_("Use letters of one alphabet."))
        if names.is_of_an_organization(value):
            raise ValidationError(
                _("This is the name of an organization. Give your own name here.")
            )
        if names.is_of_another_member(value, self.member):
            raise ValidationError(
                _(
                    "Somebody here has this name already. If it is you, log in. "
                    "If not, add what tells you apart, such as a middle name or your town."
                )
            )


class LoginForm(allauth_forms.LoginForm):
    """One page for both ways: a password, or an empty place and a code by e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settle_email(self.fields["login"])
        # allauth drops the password where sign-up does not ask for one.
        self.fields["password"] = PasswordField(
            label=_("Password"),
            autocomplete="current-password",
            required=False,
            help_text=_("No password, or forgotten? Leave this empty: we will e-mail you a code."),
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def user_credentials(self) -> dict[str, str]:
        credentials = super().user_credentials()
        if self.data.get("way") == BY_CODE:
            credentials.pop("password", None)
        return credentials


def settle_email(field: forms.Field) -> None:
    """Say it as every page of the forum does."""
    field.label = _("E-mail address")
    field.widget.attrs.pop("placeholder", None)


class _CodeForm(allauth_forms.BaseConfirmCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code from the e-mail")
        field.widget.attrs |= {"inputmode": "numeric", "class": "otp", "autofocus": True}
        field.widget.attrs.pop("placeholder", None)


class ConfirmLoginCodeForm(_CodeForm, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailCodeForm(_CodeForm, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmResetCodeForm(_CodeForm, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class ReauthenticationCodeForm(_CodeForm):
    """Only what a code looks like: accounts.reauthentication counts the tries."""

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"])


class ErasureForm(forms.Form):
    """What is to become of the words a member wrote in their own voice."""

    texts = forms.ChoiceField(
        label=_("What you wrote in your own voice"), choices=Texts, widget=forms.RadioSelect
    )


class ErasureConfirmedForm(ErasureForm):
    texts = forms.ChoiceField(choices=Texts, widget=forms.HiddenInput)
    is_understood = forms.BooleanField(
        label=_("I understand that this cannot be undone, by the county office either.")
    )


class ProfileForm(forms.Form):
    """A plain form: a model form would write refused values into request.user."""

    display_name = DisplayNameField()
    language = forms.ChoiceField(label=_("Language"), choices=User.Language)
    shows_presence = forms.BooleanField(
        label=_("Show others that I read and write"),
        help_text=_("Only while it happens; nothing of it is kept."),
        required=False,
    )

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["display_name"]
        assert isinstance(name, DisplayNameField)
        name.member = member


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False)
