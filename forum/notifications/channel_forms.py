"""How one wants to be reached, and what a browser sends to be reached itself."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.notifications.push import endpoints, sealing
from forum.notifications.push.sending import Address


class ChannelsForm(forms.Form):
    """Mails, the weekly letter, and the hours in which neither comes."""

    use_required_attribute = False  # the hours are needed only where there are quiet ones
    by_mail = forms.BooleanField(
        label=_("E-mail about what is new"),
        help_text=_("Several answers in one thread come together; the most pressing at once."),
        required=False,
    )
    by_letter = forms.BooleanField(
        label=_("The weekly letter"),
        help_text=_("On Tuesday morning, where there is something to tell."),
        required=False,
    )
    has_quiet_hours = forms.BooleanField(
        label=_("Quiet hours: no e-mail and no signal on devices"),
        help_text=_("A deadline within a day is told nevertheless."),
        required=False,
    )
    quiet_from = forms.TimeField(
        label=_("From"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    is_quiet_on_days_off = forms.BooleanField(
        label=_("Quiet all day on Saturdays, Sundays and public holidays"), required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("has_quiet_hours"):
            for name in ("quiet_from", "quiet_until"):
                self.errors.pop(name, None)
                given[name] = time(0)
        return given

    def wishes(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "has_quiet_hours"}


class DeviceForm(forms.Form):
    """What the browser says of itself; anybody may have written it."""

    endpoint = forms.CharField(max_length=endpoints.MAX_CHARS)
    key = forms.CharField(max_length=120)
    secret = forms.CharField(max_length=40)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            endpoints.parse(given["endpoint"])
            sealing.device_key(given["key"])
            sealing.device_secret(given["secret"])
        except (endpoints.NotAllowed, sealing.NotAKey) as error:
            raise forms.ValidationError(
                _("The forum cannot send notifications to this browser.")
            ) from error
        return given

    def address(self) -> Address:
        """Where the device is reached."""
        given = self.cleaned_data
        return Address(given["endpoint"], given["key"], given["secret"])
