"""What staff say about a whole thread: its title, its category, where it or its posts go."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.categories.models import Category
from forum.discussions.models import TITLE_MAX_LENGTH, Thread

NUMBERS_MAX_LENGTH = 2_000  # characters of a list of post numbers
RANGE_MAX = 1_000  # posts named by one range
_ADDRESS = re.compile(r"(?:^|/threads/)(\d{1,10})(?:/|$)")
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class SwitchForm(forms.Form):
    """Something switched on or off."""

    on = forms.TypedChoiceField(
        choices=[("1", "on"), ("0", "off")], coerce=lambda value: value == "1"
    )


class TitleForm(forms.Form):
    """A title for a thread."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX_LENGTH, min_length=5)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class PaceForm(forms.Form):
    """How often one member may reply, and when nobody does."""

    slow_minutes = forms.TypedChoiceField(
        label=_("Replies of one person"),
        choices=Thread.Pace.choices,
        coerce=int,
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=_time_input(), input_formats=["%H:%M"]
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=_time_input(), input_formats=["%H:%M"]
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if self.errors:
            return cleaned
        if (start is None) != (end is None):
            self.add_error(None, _("Quiet hours need a beginning and an end; leave both empty."))
        elif start is not None and start == end:
            self.add_error(None, _("Quiet hours that begin when they end would never end."))
        return cleaned


class CategoryForm(forms.Form):
    """A category that the member may write in."""

    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Category.objects.writable_by(user)


class MergeForm(forms.Form):
    """The thread that takes the posts, by its number or its address."""

    into = forms.CharField(label=_("Address or number of the thread"), max_length=500)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_into(self) -> Thread:
        named = _ADDRESS.search(self.cleaned_data["into"].strip())
        readable = Thread.objects.readable_by(self._user)
        thread = readable.filter(pk=int(named[1])).first() if named else None
        if thread is None:
            raise forms.ValidationError(_("There is no such thread. Paste its address."))
        return thread


class SplitForm(CategoryForm, TitleForm):
    """The branches that go to a new thread: ticked, or named by their numbers."""

    posts = forms.TypedMultipleChoiceField(coerce=int, required=False)
    numbers = forms.CharField(
        label=_("Further posts by number"),
        help_text=_("For example: 5, 12, 20-23. Each takes all replies to it along."),
        required=False,
        max_length=NUMBERS_MAX_LENGTH,
    )
    field_order = ["title", "category", "numbers"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = self.data.getlist("posts") if hasattr(self.data, "getlist") else []
        # Any number may come from a page of any age; the action judges which are posts.
        whole = [each for each in ticked if _RANGE.fullmatch(each) and "-" not in each]
        field = self.fields["posts"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(each, each) for each in whole]

    def clean_numbers(self) -> set[int]:
        numbers: set[int] = set()
        for part in self.cleaned_data["numbers"].replace(",", " ").split():
            found = _RANGE.fullmatch(part)
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
            if not first <= last < first + RANGE_MAX:
                raise forms.ValidationError(_("Write numbers of posts, for example: 5, 12, 20-23."))
            numbers.update(range(first, last + 1))
        return numbers

    def chosen(self) -> set[int]:
        """The numbers of the chosen posts."""
        return {*self.cleaned_data["posts"], *self.cleaned_data["numbers"]}
