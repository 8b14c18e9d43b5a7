"""Signing up: in whose name, who, and the address that gets the code."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import joining
from accounts.actions import NameTaken, NewOrganization, demand_free
from accounts.finding import TEXT_MAX_CHARS, find_organizations
from accounts.forms.members import DisplayNameField, settle_email
from accounts.joining import Choice, Way
from accounts.kinds import kind_of_name
from accounts.models import Invitation, Organization, User
from forum.lib.answers import Refused

MATCHES_SHOWN = 8
NAME_MIN_LENGTH = 3
KINDS = [choice for choice in Organization.Kind.choices if choice[0] != Organization.Kind.OFFICE]


class ChoicesForm(forms.Form):
    """The question in whose name, without the rest: for the suggestions while somebody types."""

    organization = forms.CharField(
        label=_("Your organization"),
        required=False,
        max_length=Organization._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    whom = forms.CharField(required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("as its name says")), *KINDS]
    )
    gmina = forms.ChoiceField(
        label=_("Commune of its seat"),
        required=False,
        choices=[("", _("not given")), *Organization.Gmina.choices],
    )
    is_another = forms.BooleanField(
        label=_("Mine is another organization with a similar name"), required=False
    )
    near: Organization | None = None  # whose name is nearly the new one's

    @property
    def typed(self) -> str:
        """What was typed for the organization, as one line."""
        return " ".join(str(self["organization"].value() or "").split())

    @cached_property
    def found(self) -> list[Organization]:
        """Those it may mean. Offices let nobody in by this page. Queries: 0 or 2."""
        if not self.typed:
            return []
        chosen = self.chosen
        among = Organization.objects.exclude(kind=Organization.Kind.OFFICE)
        found = find_organizations(self.typed[:TEXT_MAX_CHARS], MATCHES_SHOWN, among)
        return found if chosen is None or chosen in found else [chosen, *found]

    @cached_property
    def chosen(self) -> Organization | None:
        """The organization of the directory that was chosen. Queries: 0 or 1."""
        value = str(self["whom"].value() or "")
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            return None
        others = Organization.objects.exclude(kind=Organization.Kind.OFFICE)
        return others.filter(pk=value).first()

    @property
    def whom_or_usual(self) -> str:
        """What is chosen; where the directory has nothing like it, it is new."""
        value = str(self["whom"].value() or "")
        return value or ("" if self.found else Way.NEW)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "organization" in cleaned:
            cleaned["choice"] = self._choice(cleaned)
        return cleaned

    def _choice(self, cleaned: dict[str, Any]) -> Choice:
        whom = cleaned.get("whom", "")
        if whom == Way.PERSON or not (whom or self.typed):
            return Choice()
        if whom == Way.NEW:
            return self._new(cleaned)
        chosen = self.chosen
        if chosen is None:
            self.add_error(
                "organization",
                _("Choose your organization from the list, add it, or go on as a person."),
            )
            return Choice()
        return Choice(Way.ORGANIZATION, organization=chosen.pk)

    def _new(self, cleaned: dict[str, Any]) -> Choice:
        name, gmina = self.typed, cleaned.get("gmina", "")
        kind = cleaned.get("kind") or kind_of_name(name)
        is_another = cleaned.get("is_another", False)
        try:
            if len(name) < NAME_MIN_LENGTH:
                raise ValidationError(_("Write the full name of the organization."))
            demand_free(NewOrganization(name=name, kind=kind, gmina=gmina), is_another=is_another)
        except NameTaken as taken:
            self.near = taken.organization
            self.add_error("organization", str(taken.refusal.sentence))
        except Refused as refused:
            self.add_error("organization", str(refused.refusal.sentence))
        except ValidationError as error:
            self.add_error("organization", error)
        return Choice(Way.NEW, name=name, kind=kind, gmina=gmina, is_another=is_another)


class SignupForm(ChoicesForm, allauth_forms.SignupForm):
    """Everything on one page. Somebody with an invitation is not asked in whose name."""

    field_order = ["organization", "whom", "kind", "gmina", "is_another", "display_name", "email"]

    display_name = DisplayNameField()

    def __init__(
        self,
        *args: Any,
        invitation: Invitation | None = None,
        token: str = "",
        back_to: str = "",
        **kwargs: Any,
    ) -> None:
        self.invitation, self.token, self.back_to = invitation, token, back_to
        super().__init__(*args, **kwargs)
        settle_email(self.fields["email"])
        if invitation is not None:
            self.fields["email"].initial = invitation.email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.invitation is not None:
            cleaned["choice"] = Choice(Way.INVITATION, token=self.token)
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Keep the choice first: the same is done whether or not the address has an account."""
        joining.keep(
            request,
            email=self.cleaned_data["email"],
            choice=self.cleaned_data["choice"],
            back_to=self.back_to,
        )
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved
