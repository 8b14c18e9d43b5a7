"""How much one wants to hear: of a place, and in general."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.notifications.models import Follow, Preference


class LevelForm(forms.Form):
    """The level of one place."""

    level = forms.ChoiceField(label=_("How much do you want to hear?"), choices=Follow.Level)


class PreferenceForm(forms.Form):
    """What a member wants to hear in general."""

    preset = forms.ChoiceField(
        label=_("What should the forum tell you?"),
        choices=Preference.Preset,
        widget=forms.RadioSelect,
    )
    has_sound = forms.BooleanField(
        label=_("A short sound when something new comes while a page is open"), required=False
    )
