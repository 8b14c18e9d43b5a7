"""What people type to claim or add an organization, and what the adviser answers."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actions import NewOrganization, Standing, Verdict
from accounts.documents import Upload
from accounts.forms.documents import DocumentField
from accounts.models import Mandate, Organization, User, VerificationCase
from accounts.verification_rules import CLAIM_GROUNDS

TEXT_MAX_LENGTH = 4_000
KRS_DIGITS = 10
# What most questions and refusals say; the adviser ticks them and adds words of their own.
SAVED_REASONS = {
    "extract": _("Please send the current extract from the register, or its number."),
    "resolution": _("Please send the resolution by which the board was elected."),
    "attorney": _(
        "Please send a power of attorney signed by those who represent the organization."
    ),
    "joint": _(
        "The register says that two persons act together. "
        "Please send the consent of the second one."
    ),
    "name": _("The name in the register is another one. Please correct the name on the profile."),
    "not_found": _("We have not found this number in the register that was named."),
    "other_board": _("The register names other persons as the board."),
}


class ProofField(DocumentField):
    """What proves a claim, for the adviser alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Document"),
            help_text=_(
                "An extract, a resolution, a power of attorney: PDF or a photo. Only the adviser "
                "sees it, and it is deleted some time after the decision."
            ),
            **options,
        )


class _WithDocument(forms.Form):
    """Browsers send a file once: a form that comes back has to say so."""

    def lost_document(self) -> bool:
        """Whether a file was sent with a form that is shown again."""
        return self.is_bound and bool(self.files)


class StandingForm(_WithDocument):
    """Who the member is in the organization."""

    position = forms.CharField(
        label=_("Your function in the organization"),
        help_text=_("For example: president, secretary of the board, coach with an authorization."),
        max_length=VerificationCase._meta.get_field("position").max_length,
    )
    ground = forms.ChoiceField(
        label=_("What lets you speak for it"),
        choices=[(ground.value, ground.label) for ground in CLAIM_GROUNDS],
        initial=Mandate.Ground.STATUTE,
        widget=forms.RadioSelect,
    )
    message = forms.CharField(
        label=_("Message to the adviser"),
        required=False,
        max_length=TEXT_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document = ProofField()

    def standing(self) -> Standing:
        given = self.cleaned_data
        return Standing(
            position=given["position"],
            ground=given["ground"],
            message=given["message"],
            document=given["document"],
        )


class ClaimForm(StandingForm):
    """A claim; where others speak for the organization, whether they are to be replaced."""

    CLAIM, SUCCESSION = VerificationCase.Kind.CLAIM.value, VerificationCase.Kind.SUCCESSION.value

    kind = forms.ChoiceField(
        label=_("What it is about"),
        choices=[
            (CLAIM, _("I represent it beside those who speak for it now")),
            (SUCCESSION, _("There is a new board; those who speak for it now have left")),
        ],
        initial=CLAIM,
        widget=forms.RadioSelect,
    )
    field_order = ["kind", "position", "ground", "message", "document"]

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not organization.is_claimed:
            del self.fields["kind"]

    @property
    def is_succession(self) -> bool:
        return self.cleaned_data.get("kind") == self.SUCCESSION


class NewOrganizationForm(StandingForm):
    """A new organization: what must be known to find it again and to check it."""

    name = forms.CharField(
        label=_("Name of the organization"),
        min_length=3,
        max_length=Organization._meta.get_field("name").max_length,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (kind.value, kind.label)
            for kind in Organization.Kind
            if kind != Organization.Kind.OFFICE
        ],
    )
    gmina = forms.ChoiceField(
        label=_("Commune of its seat"),
        choices=[("", _("choose")), *Organization.Gmina.choices],
    )
    register = forms.ChoiceField(
        label=_("Register"),
        choices=Organization.Register,
        initial=Organization.Register.NONE,
        help_text=_("A group without a register is welcome too."),
    )
    register_number = forms.CharField(
        label=_("Number in the register"),
        required=False,
        max_length=Organization._meta.get_field("register_number").max_length,
    )
    is_another = forms.BooleanField(
        label=_("Mine is another organization with a similar name"), required=False
    )
    field_order = ["name", "kind", "gmina", "register", "register_number", "position", "ground"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        register, number = given.get("register"), given.get("register_number", "")
        if register == Organization.Register.NONE:
            given["register_number"] = ""
        elif register == Organization.Register.KRS:
            given["register_number"] = self._krs(number)
        return given

    def _krs(self, text: str) -> str:
        digits = re.sub(r"[\s./-]+", "", text.upper().removeprefix("KRS"))
        if not digits:
            return ""
        if not (digits.isascii() and digits.isdigit()) or len(digits) > KRS_DIGITS:
            self.add_error("register_number", _("A KRS number has ten digits."))
        return digits.zfill(KRS_DIGITS)

    def new_organization(self) -> NewOrganization:
        given = self.cleaned_data
        names = ("name", "kind", "gmina", "register", "register_number")
        return NewOrganization(**{name: given[name] for name in names})


class AnswerForm(_WithDocument):
    """The answer to the adviser: words, a document, or both."""

    text = forms.CharField(
        label=_("Your answer"),
        required=False,
        max_length=TEXT_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    document = ProofField()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not given.get("text") and not given.get("document"):
            raise forms.ValidationError(_("Write something or choose a document."))
        return given

    @property
    def document_given(self) -> Upload | None:
        return self.cleaned_data["document"] or None


class DecisionForm(forms.Form):
    """What the adviser decides, on the version that the page showed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    saved = forms.MultipleChoiceField(
        label=_("Saved reasons"),
        required=False,
        choices=list(SAVED_REASONS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Reason in your own words"),
        help_text=_("The person who asked reads it. Not needed to accept."),
        required=False,
        max_length=TEXT_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "accesskey": "u"}),
    )
    ends_others = forms.BooleanField(
        label=_("End the mandates of those who spoke for it before"), required=False
    )

    def verdict(self, state: VerificationCase.State, reader: User) -> Verdict:
        """The decision, its saved reasons in the language of who will read them."""
        given: Mapping[str, Any] = self.cleaned_data
        with translation.override(reader.language):
            sentences = [str(SAVED_REASONS[key]) for key in given["saved"]]
        words = "\n".join([*sentences, *filter(None, [given["reason"].strip()])])
        return Verdict(state, words, given["ends_others"])
