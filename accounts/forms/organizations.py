"""The profile of an organization as people fill it in, and the search of the directory."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.finding import find_organizations
from accounts.logos import MAX_BYTES, NotALogo, shrink
from accounts.models import FIRST_SPHERES, Organization, Sphere, User
from accounts.profiles import COLUMNS, Profile, profile_of
from accounts.resemblance import sounds_official
from accounts.rules import may_give_kind
from forum.lib import identifiers, markup
from forum.lib.body_field import BodyForm, body_initial

NEAREST_SHOWN = 3
OTHER_SPHERES = tuple(sphere for sphere in Sphere if sphere not in FIRST_SPHERES)
SPHERE_CHOICES = [(sphere.value, sphere.label) for sphere in (*FIRST_SPHERES, *OTHER_SPHERES)]


class DirectoryForm(forms.Form):
    """What the directory is narrowed down to. A value that no page offers is as good as none."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=200)
    gmina = forms.ChoiceField(
        label=_("Commune"), required=False, choices=[("", _("all")), *Organization.Gmina.choices]
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *Organization.Kind.choices]
    )
    sphere = forms.ChoiceField(
        label=_("Sphere of public tasks"), required=False, choices=[("", _("all")), *SPHERE_CHOICES]
    )
    verified = forms.BooleanField(label=_("Verified only"), required=False)

    def wanted(self) -> dict[str, Any]:
        """What was understood. The form is asked, so that it also shows what was chosen."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class OrganizationForm(BodyForm):
    """Everything in a profile; only the name and the kind are needed.

    Raises nothing: a number is brought into its form, or the member reads what is wrong with it.
    """

    name = forms.CharField(label=_("Full name"), max_length=160)
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=60,
        required=False,
        help_text=_("As people call you. It stands beside posts."),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    gmina = forms.ChoiceField(
        label=_("Commune of the seat"),
        required=False,
        choices=[("", _("not given")), *Organization.Gmina.choices],
    )
    other_gminas = forms.MultipleChoiceField(
        label=_("Where else you work"),
        required=False,
        choices=Organization.Gmina.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    register = forms.ChoiceField(
        label=_("Register"),
        required=False,
        choices=Organization.Register.choices,
        help_text=_("Ordinary associations, sports clubs, circles and parishes need no KRS."),
    )
    register_number = forms.CharField(
        label=_("Number in the register"), max_length=40, required=False
    )
    nip = forms.CharField(label=_("NIP"), max_length=20, required=False)
    regon = forms.CharField(label=_("REGON"), max_length=24, required=False)
    is_opp = forms.BooleanField(label=_("Public benefit organization (OPP)"), required=False)
    parent = forms.CharField(
        label=_("Branch of"),
        max_length=160,
        required=False,
        help_text=_("If you are a local branch: the name or the number of the whole organization."),
    )
    spheres = forms.MultipleChoiceField(
        label=_("Spheres of public tasks"),
        required=False,
        choices=SPHERE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    website = forms.URLField(
        label=_("Web site"),
        max_length=200,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        validators=[URLValidator(schemes=["http", "https"])],
    )
    email = forms.EmailField(
        label=_("E-mail address for everybody"), max_length=254, required=False
    )
    phone = forms.CharField(label=_("Telephone for everybody"), max_length=40, required=False)
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB. It is made small and square."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    removes_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    drops_badge = forms.BooleanField(
        label=_("Yes, change it; the adviser will check it again"), required=False
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    field_order = ["name", "short_name", "kind"]

    def __init__(
        self, data: Any = None, files: Any = None, *, member: User, organization: Organization
    ) -> None:
        self.organization = organization
        self._is_of_staff = member.is_staff
        self._parent: Organization | None = None
        super().__init__(data, files, initial=_initial(organization))
        given = [
            choice
            for choice in Organization.Kind.choices
            if may_give_kind(member, choice[0], instead_of=organization.kind)
        ]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = given
        self.fields["body"].label = _("About the organization")

    def clean_nip(self) -> str:
        return self._number("nip", _("This is not a NIP: its last digit does not fit the others."))

    def clean_regon(self) -> str:
        return self._number("regon", _("This is not a REGON: it has 9 or 14 digits that fit."))

    def _number(self, name: str, sentence: Any) -> str:
        typed = self.cleaned_data[name]
        try:
            return str(getattr(identifiers, name)(typed)) if typed else ""
        except ValueError as error:
            raise ValidationError(sentence) from error

    def clean_parent(self) -> str:
        typed: str = self.cleaned_data["parent"]
        self._parent = self._found(typed) if typed else None
        return typed

    def _found(self, typed: str) -> Organization:
        others = Organization.objects.exclude(pk=self.organization.pk)
        named = list(others.named(typed)[:2])
        likely = named if len(named) == 1 else find_organizations(typed, NEAREST_SHOWN, others)
        if len(named) == 1 or (len(likely) == 1 and identifiers.digits_of(typed)):
            return likely[0]
        if likely:
            names = "; ".join(each.name for each in likely)
            sentence = _("Do you mean: %(names)s? Give the full name.")
            raise ValidationError(sentence % {"names": names})
        raise ValidationError(_("The directory has no organization of this name or number."))

    def clean_logo(self) -> bytes | None:
        sent = self.cleaned_data["logo"]
        if not isinstance(sent, UploadedFile):
            return None
        if sent.size and sent.size > MAX_BYTES:
            raise ValidationError(_("The picture is larger than 5 MB. Send a smaller one."))
        try:
            return shrink(sent.read())
        except NotALogo as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        if markup.is_empty(self.cleaned_data.get("body", "")):
            self.cleaned_data["body"] = ""  # the description is optional, unlike a post
            cleaned: dict[str, Any] = self.cleaned_data
        else:
            cleaned = super().clean()
        self._keep_names_of_offices(cleaned)
        self._settle_number(cleaned)
        if not self.errors:
            self._look_for_a_double(cleaned)
        if not self.errors:
            self._ask_about_the_badge(cleaned)
        return cleaned

    def _keep_names_of_offices(self, cleaned: dict[str, Any]) -> None:
        """A name that is given anew may not be taken for an office; one that was there may stay."""
        for field in () if self._is_of_staff else ("name", "short_name"):
            name = cleaned.get(field, "")
            is_new = name != getattr(self.organization, field)
            if is_new and sounds_official(name, cleaned.get("kind", "")):
                sentence = _("This name sounds like a public office. Write to the county office.")
                self.add_error(field, sentence)

    def _look_for_a_double(self, cleaned: dict[str, Any]) -> None:
        others = Organization.objects.exclude(pk=self.organization.pk)
        if others.filter(name=cleaned["name"], gmina=cleaned["gmina"]).exists():
            self.add_error("name", _("The directory has this name in this commune already."))
        if others.registered_as(cleaned["register"], cleaned["register_number"]).exists():
            self.add_error("register_number", _("Another organization has this number."))

    def _settle_number(self, cleaned: dict[str, Any]) -> None:
        """A register without a number, or the number as that register writes it."""
        register = cleaned.get("register") or Organization.Register.NONE
        number = identifiers.bare_number(cleaned.get("register_number", ""))
        cleaned["register"] = register
        if number and register == Organization.Register.NONE:
            self.add_error("register", _("In which register does this number stand?"))
        if number and register == Organization.Register.KRS:
            try:
                number = identifiers.krs(number)
            except ValueError:
                self.add_error("register_number", _("A KRS number has 10 digits."))
        cleaned["register_number"] = number

    def _ask_about_the_badge(self, cleaned: dict[str, Any]) -> None:
        verified = self.organization
        kept = (cleaned["name"], cleaned["register"], cleaned["register_number"]) == (
            verified.verified_name,
            verified.verified_register,
            verified.verified_number,
        )
        if verified.is_verified and not kept and not cleaned["drops_badge"]:
            sentence = _("This change takes the badge “verified” away. Is it right?")
            self.add_error("drops_badge", sentence)

    @property
    def asks_about_badge(self) -> bool:
        return "drops_badge" in self.errors or bool(self["drops_badge"].value())

    def take_over_newest(self) -> None:
        """Show what was typed as a change of the profile as it stands by now."""
        newest = Organization.objects.only("changed_at").get(pk=self.organization.pk)
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["seen"] = newest.changed_at.isoformat()
        self.data = data

    @property
    def profile(self) -> Profile:
        """What was filled in; to be asked of a valid form only."""
        taken = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        return Profile(
            **taken
            | {
                "parent": self._parent,
                "description_source": self.cleaned_data["body"],
                "description_format": self.cleaned_data["body_format"],
                "other_gminas": frozenset(self.cleaned_data["other_gminas"]),
                "spheres": frozenset(self.cleaned_data["spheres"]),
            }
        )

    @property
    def seen_at(self) -> datetime:
        """When the profile had last been changed, as far as this member saw."""
        seen: datetime | None = self.cleaned_data["seen"]
        return seen or self.organization.changed_at


def _initial(organization: Organization) -> dict[str, Any]:
    profile = profile_of(organization)
    return {
        **{name: getattr(profile, name) for name in COLUMNS},
        "parent": profile.parent.name if profile.parent else "",
        "other_gminas": sorted(profile.other_gminas),
        "spheres": sorted(profile.spheres),
        "seen": organization.changed_at.isoformat(),
        **body_initial(profile.description_source, profile.description_format),
    }
