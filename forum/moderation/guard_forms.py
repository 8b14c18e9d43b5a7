"""What the adviser types about the guards, and the text with which the guards are tried."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.lib.markup import without_control
from forum.moderation.models.guarding import WORDS_MAX_LENGTH, GuardSettings, ListedWord

TRIED_MAX_CHARS = 5_000


class GuardSettingsForm(forms.ModelForm):
    """The numbers of the guards."""

    class Meta:
        model = GuardSettings
        fields = [
            "holds_first_texts",
            "newcomer_days",
            "newcomer_links",
            "newcomer_texts_an_hour",
            "repeat_hours",
            "slowed_minutes",
        ]


class WordForm(forms.Form):
    """One entry of the list."""

    words = forms.CharField(
        label=_("Word or words"),
        help_text=_(
            "Capitals and Polish marks do not count. A star at the end takes every ending: kredyt*"
        ),
        max_length=WORDS_MAX_LENGTH,
    )
    note = forms.CharField(
        label=_("Why it is on the list"),
        max_length=ListedWord._meta.get_field("note").max_length,
        required=False,
    )


class TryForm(forms.Form):
    """A text with which the guards are tried; it is kept nowhere."""

    text = forms.CharField(
        label=_("Text to try"), max_length=TRIED_MAX_CHARS, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_text(self) -> str:
        return without_control(self.cleaned_data["text"])
