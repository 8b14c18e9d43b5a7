"""What an organization says when it is willing to answer."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.duty.models import Entry

LONGEST_REST = timedelta(days=366)  # who rests longer leaves


class RosterForm(forms.Form):
    """How often, and whether it rests for a while."""

    every_weeks = forms.TypedChoiceField(
        label=_("How often may it be your turn?"),
        choices=Entry.Often,
        coerce=int,
        widget=forms.RadioSelect,
        initial=Entry.Often.WEEKLY,
    )
    rests_until = forms.DateField(
        label=_("We rest until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_(
            "The last day of the rest. Until then you get no question, and those you have go to "
            "others. Leave it empty where you do not rest."
        ),
    )

    def clean_rests_until(self) -> date | None:
        day: date | None = self.cleaned_data["rests_until"]
        today = timezone.localdate()
        if day is not None and day < today:
            raise forms.ValidationError(gettext("Choose today or a later day."))
        if day is not None and day > today + LONGEST_REST:
            raise forms.ValidationError(
                gettext("A rest is a year at most. Leave the roster instead; you can come back.")
            )
        return day

    @staticmethod
    def said(entry: Entry | None) -> dict[str, Any]:
        """What the form begins with: the wish as it stands, without a rest that is over."""
        if entry is None:
            return {}
        rests = entry.rests_on(timezone.localdate())
        return {
            "every_weeks": entry.every_weeks,
            "rests_until": entry.rests_until if rests else None,
        }
