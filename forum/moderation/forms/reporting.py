"""What a member, or anybody without an account, says against a text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.lib.markup import without_control
from forum.moderation.addresses_of_things import ADDRESS_MAX_CHARS, Found, thing_at
from forum.moderation.models import Report

WORDS_MAX_CHARS = 2_000
Kind = Report.Kind
# What the law lets anybody report without saying who they are. Source: DSA art. 16(2)(c).
NAMELESS = frozenset({Kind.CHILD_ABUSE})
# A notice is about what the law forbids; what only the rules forbid is a member's report.
UNLAWFUL_KINDS = (Kind.UNLAWFUL, Kind.PERSONAL_DATA, Kind.OFFENSIVE, Kind.SPAM, Kind.CHILD_ABUSE)
# The same for what there is not and for what the reader may not know of.
NOTHING_THERE = _(
    "There is no post that you can read at this address. Copy the link from the time of the post."
)


class ReportForm(forms.Form):
    """A member's report of what they read."""

    why = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Kind, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("A sentence is enough. The author does not learn who reported."),
        required=False,
        max_length=WORDS_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    says_about_office = forms.BooleanField(
        label=_("It is about the county office, its decisions or its staff"),
        help_text=_("The office alone then cannot hide it: an elected moderator decides as well."),
        required=False,
    )

    def clean_words(self) -> str:
        return without_control(self.cleaned_data["words"]).strip()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("why") == Kind.OTHER and not given.get("words") and "words" in given:
            self.add_error("words", _("Say in a few words what is wrong."))
        return given


class NoticeForm(forms.Form):
    """A notice of unlawful content, with all that makes it one. Source: DSA art. 16(2)."""

    address = forms.CharField(
        label=_("Address of the post"),
        help_text=_("The link stands at the post's time; or copy what the browser shows."),
        max_length=ADDRESS_MAX_CHARS,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    why = forms.ChoiceField(
        label=_("What does it break?"),
        choices=[(kind.value, kind.label) for kind in UNLAWFUL_KINDS],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Why is it unlawful?"),
        help_text=_("Say which words or picture you mean, and what they break."),
        max_length=WORDS_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    name = forms.CharField(
        label=_("Your name or the name of your organization"),
        max_length=Report._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("For the receipt and the decision. The author does not learn it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    in_good_faith = forms.BooleanField(
        label=_("I believe in good faith that what I say here is accurate and complete.")
    )

    def __init__(self, *args: Any, host: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._host = host
        if self.data.get("why") in NAMELESS:
            self.fields["name"].required = self.fields["email"].required = False
        self.found = Found(is_ours=False)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        self.found = thing_at(address, self._host)
        if not self.found.is_ours:
            raise forms.ValidationError(
                _("This is not an address of this forum. Write to the site where the content is.")
            )
        if not self.found.kind:
            raise forms.ValidationError(NOTHING_THERE)
        return address

    def clean_words(self) -> str:
        return without_control(self.cleaned_data["words"]).strip()

    def clean_name(self) -> str:
        return " ".join(without_control(self.cleaned_data["name"]).split())


class AppealForm(forms.Form):
    """Why a decision is wrong."""

    words = forms.CharField(
        label=_("Why the decision is wrong"),
        help_text=_("A few sentences are enough. Somebody else than the decider reads them."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_words(self) -> str:
        words = without_control(self.cleaned_data["words"]).strip()
        if not words:
            raise forms.ValidationError(_("This field is required."))
        return words


class ReceiptForm(forms.Form):
    """The code of a notice, as it stands in the mail."""

    code = forms.CharField(label=_("Code of the notice"), max_length=40)

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).upper()
