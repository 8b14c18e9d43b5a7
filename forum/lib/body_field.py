"""The rich-text field of a form: an editor with JavaScript, a Markdown textarea without.

A form inherits `BodyForm` and its template includes `components/_body_field.html` with `form`.
Source: docs/decisions/0010-editor.md.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from forum.lib import markup, mentions

EMPTY = "empty"  # the code of the error of a text without words


@dataclass(frozen=True, slots=True)
class BodyValue:
    """What the field shows: for the textarea and, with the same words, for the editor."""

    markdown: str
    html: str


class SourceField(forms.CharField):
    """Text of any kind, without the characters that nobody typed on purpose."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = markup.without_control(str(value or ""))
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class BodyForm(forms.Form):
    """A form with a rich-text `body` and the `body_format` it was written in."""

    body = SourceField(label=_("Your text"), required=False)
    body_format = forms.CharField(required=False, widget=forms.HiddenInput)

    features = " ".join(markup.FEATURES)

    def clean_body_format(self) -> str:
        written_in: str = self.cleaned_data["body_format"]
        return written_in if written_in in markup.FORMATS else "markdown"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "body" in cleaned:
            sentence = _fault(cleaned["body"], cleaned.get("body_format", "markdown"))
            if sentence:
                self.add_error("body", sentence)
        return cleaned

    def explain_empty(self, sentence: str) -> None:
        """Say something better of an empty text than that it is empty."""
        if self.has_error("body", EMPTY):
            self.errors["body"] = self.error_class([sentence])

    @property
    def body_value(self) -> BodyValue:
        """What was typed, else the initial value; never less than what was typed."""
        source = SourceField().to_python(self["body"].value())
        try:
            return _value(source, str(self["body_format"].value() or "markdown"))
        except markup.TooLong:
            return BodyValue(markup.plain_text(source) if source.startswith("<") else source, "")


def body_initial(source: str, source_format: str) -> dict[str, str]:
    """The form's `initial` for a text that was written before."""
    return {"body": source, "body_format": source_format}


def _value(source: str, source_format: str) -> BodyValue:
    return BodyValue(
        markup.as_markdown(source, source_format), markup.render(source, source_format)
    )


def _fault(source: str, source_format: str) -> str | forms.ValidationError:
    """The sentence that says what is wrong with the text, or nothing."""
    try:
        html = markup.render(source, source_format)
    except markup.TooLong:
        return _too_long(len(markup.plain_text(source) if source_format == "html" else source))
    text = markup.plain_text(html)
    if not text or markup.is_empty(text):
        return forms.ValidationError(_("Write something first."), EMPTY)
    called = len(mentions.called_in(html))
    if called > mentions.MAX_CALLED:
        return _too_many_called(called)
    return _too_long(len(text)) if len(text) > markup.BODY_MAX_CHARS else ""


def _too_many_called(count: int) -> str:
    return ngettext(
        "The text mentions %(count)d person or organization, and at most %(limit)d may be called at"
        " once.",
        "The text mentions %(count)d people and organizations, and at most %(limit)d may be called"
        " at once.",
        count,
    ) % {"count": count, "limit": mentions.MAX_CALLED}


def _too_long(count: int) -> str:
    if count <= markup.BODY_MAX_CHARS:
        return str(_("The text carries too much formatting. Simplify it or send it in parts."))
    return ngettext(
        "The text is too long: it has %(count)d character, and %(limit)d fit. Send it in parts.",
        "The text is too long: it has %(count)d characters, and %(limit)d fit. Send it in parts.",
        count,
    ) % {"count": count, "limit": markup.BODY_MAX_CHARS}
