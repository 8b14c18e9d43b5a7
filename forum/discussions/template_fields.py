"""The fields of a thread's form, as fields of Django's forms."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from forum.discussions.drafts import FIELD_PREFIX
from forum.discussions.templates_of_threads import (
    WORDS_MAX_CHARS,
    Kind,
    TemplateField,
    ThreadTemplate,
)
from forum.lib.markup import without_control

NUMBER_MAX = 1_000_000
FIELDS_MAX = 10  # kept in a draft
KEY_MAX_CHARS = 40


class WithTemplate(forms.Form):
    """A form that also asks what the template of its thread asks."""

    template: ThreadTemplate | None = None

    def ask(self, template: ThreadTemplate | None) -> None:
        """Add the template's fields."""
        self.template = template
        for field in template.fields if template else ():
            self.fields[FIELD_PREFIX + field.key] = _MAKERS[field.kind](field)

    @property
    def template_fields(self) -> list[forms.BoundField]:
        """The template's fields, for the page."""
        asked = self.template.fields if self.template else ()
        return [self[FIELD_PREFIX + field.key] for field in asked]

    def filled(self) -> dict[str, str]:
        """What a valid form holds in the template's fields, by key; empty ones are left out."""
        asked = self.template.fields if self.template else ()
        values = {field.key: self.cleaned_data[FIELD_PREFIX + field.key] for field in asked}
        return {key: value for key, value in values.items() if value}


class _TextField(forms.CharField):
    def to_python(self, value: Any) -> str:
        text = without_control(str(value or ""))
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class _SeveralField(forms.MultipleChoiceField):
    """Any of a few, as their keys with spaces between."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        return " ".join(super().clean(value))


class _DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.isoformat() if day else ""


class _NumberField(forms.IntegerField):
    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return "" if number is None else str(number)


def _line(field: TemplateField) -> forms.Field:
    return _TextField(**_options(field), max_length=field.max_length)


def _words(field: TemplateField) -> forms.Field:
    area = forms.Textarea(attrs={"rows": 2})
    return _TextField(**_options(field), max_length=field.max_length, widget=area)


def _choice(field: TemplateField) -> forms.Field:
    choices = field.choices.choices if field.choices else []
    return forms.ChoiceField(**_options(field), choices=[("", _("Choose…")), *choices])


def _several(field: TemplateField) -> forms.Field:
    choices = field.choices.choices if field.choices else []
    return _SeveralField(**_options(field), choices=choices)


def _day(field: TemplateField) -> forms.Field:
    return _DateField(**_options(field), input_formats=["%Y-%m-%d", "%d.%m.%Y"])


def _number(field: TemplateField) -> forms.Field:
    return _NumberField(**_options(field), min_value=0, max_value=NUMBER_MAX)


def _options(field: TemplateField) -> dict[str, Any]:
    return {"label": field.label, "help_text": field.help, "required": field.is_required}


_MAKERS: Mapping[Kind, Callable[[TemplateField], forms.Field]] = {
    Kind.TEXT: _line,
    Kind.WORDS: _words,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.DATE: _day,
    Kind.NUMBER: _number,
}


class KeptFields(forms.Field):
    """What an unfinished form holds in its fields: any words, as long as they can be kept."""

    default_error_messages = {"invalid": _("The fields of this form cannot be kept.")}

    def to_python(self, value: Any) -> dict[str, str]:
        if not value:
            return {}
        if not isinstance(value, dict) or len(value) > FIELDS_MAX:
            raise forms.ValidationError(self.error_messages["invalid"])
        kept = {}
        for key, text in value.items():
            is_key = key.isascii() and key.isidentifier() and len(key) <= KEY_MAX_CHARS
            if not (is_key and isinstance(text, str) and len(text) <= 2 * WORDS_MAX_CHARS):
                raise forms.ValidationError(self.error_messages["invalid"])
            kept[key] = without_control(text).strip()
        return {key: text for key, text in kept.items() if text}


def fields_sent(data: QueryDict) -> dict[str, str]:
    """What a plain form sent in the fields of a template, by key."""
    return {
        name.removeprefix(FIELD_PREFIX): " ".join(data.getlist(name))
        for name in data
        if name.startswith(FIELD_PREFIX)
    }
