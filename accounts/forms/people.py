"""What is typed about the people of an organization, by its representatives and by themselves."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import Afterwards, Term
from accounts.forms.documents import DocumentField
from accounts.models import JoinRequest, Mandate
from forum.lib.address_lists import AddressList, parse_addresses

MAX_ADDRESSES = 100
JUNK_SHOWN = 5
MESSAGE_MAX_CHARS = 1_000
# A power of attorney is mostly for a year; nobody means the year 2206 either.
LONGEST_TERM = timedelta(days=20 * 366)


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **options)


class WordsField(forms.CharField):
    """A few sentences."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(max_length=MESSAGE_MAX_CHARS, widget=widget, **options)


class TermForm(forms.Form):
    """The role and the days of a mandate; a proxy's has an end, as a power of attorney should."""

    role = forms.ChoiceField(label=_("Role"), choices=Mandate.Role)
    valid_from = DayField(label=_("From"))
    valid_to = DayField(
        label=_("To"),
        required=False,
        help_text=_("The last day. Leave it empty where there is no end; a proxy needs one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "valid_to" in cleaned:
            fault = _fault_of(cleaned["valid_to"], cleaned.get("valid_from"), cleaned.get("role"))
            if fault:
                self.add_error("valid_to", fault)
        return cleaned

    def term(self) -> Term:
        """What a valid form says."""
        first = self.cleaned_data.get("valid_from") or timezone.localdate()
        return Term(self.cleaned_data["role"], first, self.cleaned_data["valid_to"])


class MandateForm(TermForm):
    """Another role, other days; a document for a proxy."""

    document = DocumentField(
        label=_("Power of attorney"),
        help_text=_("A PDF or a picture. Only you, the holder and the county office can read it."),
    )


class AddressesField(forms.CharField):
    """One address or many, pasted as they come from a letter or a table."""

    def __init__(self) -> None:
        super().__init__(
            label=_("E-mail addresses"),
            help_text=_(
                "One or many, up to 100: with commas, semicolons or in lines, also with names "
                "as copied from a letter."
            ),
            max_length=20_000,
            widget=forms.Textarea(
                attrs={"rows": 4, "autocapitalize": "off", "spellcheck": "false"}
            ),
        )

    def clean(self, value: Any) -> list[str]:
        found = parse_addresses(super().clean(value))
        if found.junk:
            raise ValidationError(_junk(found))
        if len(found.addresses) > MAX_ADDRESSES:
            raise ValidationError(
                gettext("These are %(count)d addresses. At most %(limit)d fit at once.")
                % {"count": len(found.addresses), "limit": MAX_ADDRESSES}
            )
        return found.addresses


class InvitationForm(TermForm):
    """Whom to invite, and as what. The mandate begins on the day it is accepted."""

    valid_from = None  # type: ignore[assignment]  # how a form drops a field of its base
    emails = AddressesField()
    field_order = ["emails", "role", "valid_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self.fields["role"].initial = Mandate.Role.MEMBER


class JoinRequestForm(forms.Form):
    """A wish to be let in: as what, and who is asking."""

    role = forms.ChoiceField(label=_("As"), choices=Mandate.Role, initial=Mandate.Role.MEMBER)
    message = WordsField(
        label=_("Who you are there"),
        required=False,
        help_text=_("A sentence by which they recognize you: “I keep the accounts since May”."),
    )


class AnswerForm(TermForm):
    """A yes to a request, with the role and the days."""

    def __init__(self, *args: Any, asked: JoinRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = asked.role


class DeclineForm(forms.Form):
    """A no to a request: whoever asked reads why."""

    reason = WordsField(label=_("Why not"), help_text=_("Whoever asked will read this."))


class HandOverForm(forms.Form):
    """Who represents the organization from now on, and what becomes of whoever hands over."""

    to = forms.ModelChoiceField(
        Mandate.objects.none(), label=_("Who represents from today"), empty_label=None
    )
    afterwards = forms.ChoiceField(
        label=_("And you"),
        choices=Afterwards,
        initial=Afterwards.STAYS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, mandate: Mandate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = successors_of(mandate)
        field.label_from_instance = lambda obj: f"{obj.user} – {obj.get_role_display()}"  # type: ignore[method-assign]  # Django's way


def successors_of(mandate: Mandate) -> Any:
    """Mandates of those to whom the holder may hand over: who is in, and does not represent yet."""
    here = Mandate.objects.current().filter(organization=mandate.organization, user__is_active=True)
    return here.exclude(role=Mandate.Role.REPRESENTATIVE).exclude(user=mandate.user).for_people()


class ToAdviserForm(forms.Form):
    """What the adviser should know of an organization that is left without a representative."""

    words = WordsField(
        label=_("What should the adviser know?"),
        required=False,
        help_text=_("For example who is on the new board, and how to reach them."),
    )


class ConsentForm(forms.Form):
    """The holder's consent to be named, given or withdrawn."""

    on = forms.TypedChoiceField(
        choices=[("1", "on"), ("0", "off")], coerce=lambda value: value == "1"
    )


def _junk(found: AddressList) -> str:
    shown = ", ".join(f"“{word}”" for word in found.junk[:JUNK_SHOWN])
    rest = len(found.junk) - JUNK_SHOWN
    if rest > 0:
        return ngettext(
            "These are no e-mail addresses: %(words)s and %(rest)d more. Correct or remove them.",
            "These are no e-mail addresses: %(words)s and %(rest)d more. Correct or remove them.",
            rest,
        ) % {"words": shown, "rest": rest}
    return ngettext(
        "This is no e-mail address: %(words)s. Correct or remove it.",
        "These are no e-mail addresses: %(words)s. Correct or remove them.",
        len(found.junk),
    ) % {"words": shown}


def _fault_of(last: date | None, first: date | None, role: str | None) -> str:
    """What is wrong with the last day of a mandate, as a sentence; nothing where all is well."""
    today = timezone.localdate()
    if last is None:
        is_missing = role == Mandate.Role.PROXY
        return gettext("A proxy needs an end: the day in the document.") if is_missing else ""
    if first is not None and last < first:
        return gettext("The last day is before the first.")
    if last < today:
        return gettext("This day is over already.")
    return gettext("This is too far away. Check the year.") if last - today > LONGEST_TERM else ""
