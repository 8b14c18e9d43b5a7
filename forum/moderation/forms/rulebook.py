"""Writing the rules of the forum: a section, and the day from which a version holds."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.lib import markup
from forum.moderation.actions.rulebook import Announcement, DraftSection, Words
from forum.moderation.models.rulebook import Rulebook, RuleSection

DAYS_OF_NOTICE = 14  # offered; the adviser may take another day


class EditionForm(forms.Form):
    """Which edition of the draft the page showed."""

    edition = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SectionForm(EditionForm):
    """One section, in Polish and in English."""

    title = forms.CharField(
        label=_("Title"), max_length=RuleSection._meta.get_field("title").max_length
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_("An empty line begins a paragraph, “- ” a point of a list, **bold** is bold."),
        max_length=markup.BODY_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    title_en = forms.CharField(
        label=_("Title in English"),
        required=False,
        max_length=RuleSection._meta.get_field("title_en").max_length,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    text_en = forms.CharField(
        label=_("Text in English"),
        required=False,
        max_length=markup.BODY_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 10, "lang": "en"}),
    )
    is_ground = forms.BooleanField(
        label=_("A decision of a moderator may rest on this section"), required=False
    )

    @classmethod
    def initial_of(cls, section: DraftSection | None, edition: int) -> dict[str, Any]:
        given: dict[str, Any] = {"edition": edition}
        if section is not None:
            names = ("title", "text", "title_en", "text_en", "is_ground")
            given |= {name: getattr(section.words, name) for name in names}
        return given

    def clean_text(self) -> str:
        return _readable(self.cleaned_data["text"], required=True)

    def clean_text_en(self) -> str:
        return _readable(self.cleaned_data["text_en"], required=False)

    def words(self) -> Words:
        given = self.cleaned_data
        names = ("title", "text", "title_en", "text_en", "is_ground")
        return Words(**{name: given[name] for name in names})


def _readable(text: str, *, required: bool) -> str:
    """The text without what no reader sees. Raises: ValidationError where nothing is left."""
    cleaned = markup.without_control(text.replace("\r\n", "\n")).strip()
    try:
        html = markup.render(cleaned, "markdown")
    except markup.TooLong as error:
        raise forms.ValidationError(_("The text is too long.")) from error
    if required and markup.is_empty(html):
        raise forms.ValidationError(_("Write something that readers can see."))
    return cleaned


class PublishForm(EditionForm):
    """From which day the draft holds as the next version, and what changes."""

    valid_from = forms.DateField(
        label=_("Holds from"),
        help_text=_("An important change is announced at least 14 days ahead."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("What changes, in one or two sentences"),
        max_length=Rulebook._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note_en = forms.CharField(
        label=_("The same in English"),
        required=False,
        max_length=Rulebook._meta.get_field("note_en").max_length,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}),
    )

    @classmethod
    def initial_of(cls, edition: int) -> dict[str, Any]:
        day = timezone.localdate() + timedelta(days=DAYS_OF_NOTICE)
        return {"edition": edition, "valid_from": day}

    def announcement(self) -> Announcement:
        given = self.cleaned_data
        return Announcement(given["valid_from"], given["note"], given["note_en"])
