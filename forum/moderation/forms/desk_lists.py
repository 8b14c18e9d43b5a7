"""What the staff keeps beside the cases: saved replies, and who was elected."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.lib.markup import without_control
from forum.moderation.measures import CHOSEN
from forum.moderation.models import Moderator, SavedReply

TERM_DAYS = 365  # offered
TERM_MAX_DAYS = 4 * 366


class ReplyForm(forms.Form):
    """One saved reply."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("Only moderators see it."),
        max_length=SavedReply._meta.get_field("title").max_length,
    )
    words = forms.CharField(
        label=_("Words"),
        help_text=_("The author of the text reads them in the statement of reasons."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    measure = forms.ChoiceField(
        label=_("Offered with"),
        required=False,
        choices=[("", _("every decision")), *((each.value, each.label) for each in CHOSEN)],
    )

    def clean_words(self) -> str:
        words = without_control(self.cleaned_data["words"]).strip()
        if not words:
            raise forms.ValidationError(_("This field is required."))
        return words


class ModeratorForm(forms.Form):
    """Somebody who was elected: by e-mail address, for a time."""

    email = forms.EmailField(label=_("E-mail address of the member"))
    since = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    elected_by = forms.CharField(
        label=_("Who elected them, and when"),
        help_text=_("Everybody sees it, together with the name."),
        max_length=Moderator._meta.get_field("elected_by").max_length,
    )

    member: User | None = None  # whose address it is

    @classmethod
    def initial_days(cls) -> dict[str, Any]:
        today = timezone.localdate()
        return {"since": today, "until": today + timedelta(days=TERM_DAYS)}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        self.member = User.objects.filter(email=email, is_active=True).first()
        if self.member is None:
            raise forms.ValidationError(_("No member has this address."))
        return email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is not before the first one."))
        elif since and until and (until - since).days > TERM_MAX_DAYS:
            self.add_error("until", _("A term lasts at most four years."))
        elif until and until < timezone.localdate():
            self.add_error("until", _("This day has passed."))
        return given

    def term(self) -> dict[str, Any]:
        """The days and who elected them, as the action takes them."""
        return {name: self.cleaned_data[name] for name in ("since", "until", "elected_by")}
