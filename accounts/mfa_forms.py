"""allauth's forms of the second factor, with our words and without its placeholders."""

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

NAME_MAX_LENGTH = 60


class _CodeFields(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code from the app, or a recovery code")
        code.widget.attrs |= {"inputmode": "numeric", "class": "otp", "autofocus": True}
        code.widget.attrs.pop("placeholder", None)


class CodeForm(_CodeFields, base_forms.AuthenticateForm):
    pass


class CodeAgainForm(_CodeFields, base_forms.ReauthenticateForm):
    pass


class ActivateForm(_CodeFields, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Six digits that the app shows")
        # The code is typed after the picture was scanned: the page begins above.
        self.fields["code"].widget.attrs.pop("autofocus")


class _KeyName(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("Name, for you to tell it apart")
        name.validators.append(MaxLengthValidator(NAME_MAX_LENGTH))
        name.widget.attrs |= {"maxlength": NAME_MAX_LENGTH, "autocomplete": "off"}


class AddKeyForm(_KeyName, webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Every passkey may log in alone where the device asks for a finger, a face or a PIN.
        self.fields["passwordless"].label = _("Log in with it alone, without password and code")
        self.fields["passwordless"].help_text = _("The device then asks for a finger, face or PIN.")
        self.fields["passwordless"].initial = True


class _Credential(forms.Form):
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form beside it
        except ValidationError:
            # allauth has one sentence for codes and keys, and ours for codes speaks of a clock.
            raise ValidationError(
                _("The forum does not know this passkey. Choose another way to log in.")
            ) from None


class KeyForm(_Credential, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class KeyAgainForm(_Credential, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class KeyAloneForm(_Credential, webauthn_forms.LoginWebAuthnForm):
    pass


class RenameKeyForm(_KeyName, webauthn_forms.EditWebAuthnForm):
    pass
