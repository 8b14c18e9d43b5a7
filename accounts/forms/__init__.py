"""What people type about themselves and their organizations."""

from accounts.forms.joining import ChoicesForm, SignupForm
from accounts.forms.members import (
    ConfirmEmailCodeForm,
    ConfirmLoginCodeForm,
    ConfirmResetCodeForm,
    DisplayNameField,
    ErasureConfirmedForm,
    ErasureForm,
    LanguageForm,
    LoginForm,
    ProfileForm,
    ReauthenticationCodeForm,
)
from accounts.forms.organizations import DirectoryForm, OrganizationForm
from accounts.forms.verification import AnswerForm, ClaimForm, DecisionForm, NewOrganizationForm

__all__ = [
    "AnswerForm",
    "ChoicesForm",
    "ClaimForm",
    "ConfirmEmailCodeForm",
    "ConfirmLoginCodeForm",
    "ConfirmResetCodeForm",
    "DirectoryForm",
    "DecisionForm",
    "DisplayNameField",
    "ErasureConfirmedForm",
    "ErasureForm",
    "LanguageForm",
    "LoginForm",
    "OrganizationForm",
    "NewOrganizationForm",
    "ProfileForm",
    "ReauthenticationCodeForm",
    "SignupForm",
]
