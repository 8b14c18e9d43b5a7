"""What a moderator types to decide: by which rule, in which words, until when, and where to."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.categories.models import Category
from forum.moderation.actions import Verdict
from forum.moderation.actions.deciding import MANY
from forum.moderation.measures import RESTRICTIONS, WITH_END, Measure
from forum.moderation.models import Decision, SavedReply, Statement
from forum.moderation.reviewing import Facts, Subject
from forum.moderation.rulebook import SectionOffered

WORDS_MAX = Statement._meta.get_field("own_words").max_length
TITLE_MAX = 160
BY_DATE = "date"
UNTIL = [
    ("3", _("for 3 days")),
    ("7", _("for a week")),
    ("30", _("for a month")),
    (BY_DATE, _("until a day:")),
]
_NUMBER = re.compile(r"(?:^|/threads/)(\d{1,10})(?:/|$)")


class ReasonForm(forms.Form):
    """Why: a section of today's rules or a law, what happened, own words, saved replies."""

    section = forms.ChoiceField(label=_("Section of the rules"), required=False)
    law = forms.CharField(
        label=_("Or a provision of the law"),
        required=False,
        max_length=Decision._meta.get_field("law").max_length,
    )
    facts = forms.CharField(
        label=_("What happened"),
        required=False,
        max_length=Statement._meta.get_field("facts").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    saved = forms.ModelMultipleChoiceField(
        SavedReply.objects.all(),
        label=_("Saved replies"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_words = forms.CharField(
        label=_("Own words to the author"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, sections: Sequence[SectionOffered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sections = {each.anchor: each for each in sections}
        field = self.fields["section"]
        assert isinstance(field, forms.ChoiceField)
        offered = [(each.anchor, str(each)) for each in sections]
        field.choices = [("", _("– choose –")), *offered]

    def words(self) -> str:
        """The saved replies that were ticked, then the own words."""
        given = self.cleaned_data
        replies = [reply.words for reply in given["saved"]]
        return "\n\n".join([*replies, *filter(None, [given["own_words"].strip()])])

    def demand_reason(self, measure: Measure) -> None:
        """Note as errors what a restriction lacks."""
        given = self.cleaned_data
        if measure not in RESTRICTIONS:
            return
        if not given.get("section") and not given.get("law"):
            self.add_error("section", _("Choose the section of the rules, or name the law."))
        if not self.errors and not given["facts"].strip() and not self.words():
            self.add_error("facts", _("Say what happened: the author will read it."))

    def reason(self) -> dict[str, Any]:
        """What a verdict says of its reason."""
        given = self.cleaned_data
        chosen = self._sections.get(given["section"])
        return {
            "rule_version": chosen.version if chosen else None,
            "section": chosen.anchor if chosen else "",
            "law": given["law"],
            "facts": given["facts"].strip(),
            "own_words": self.words(),
        }


class DecisionForm(ReasonForm):
    """One decision on the version that the page showed; which one says the pressed button."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    until = forms.ChoiceField(
        label=_("How long"), choices=UNTIL, initial="3", required=False, widget=forms.RadioSelect
    )
    until_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), required=False, empty_label=_("– choose –")
    )
    title = forms.CharField(
        label=_("Title of the new thread"), required=False, max_length=TITLE_MAX
    )
    into = forms.CharField(
        label=_("Address or number of the thread"), required=False, max_length=500
    )

    def __init__(
        self,
        *args: Any,
        moderator: User,
        subject: Subject | None,
        measure: Measure | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._subject = subject
        self._measure = measure
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Category.objects.writable_by(moderator)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self._measure is not None:
            self.demand_reason(self._measure)
            if self._measure in WITH_END and self._until() is None:
                self.add_error("until_day", _("Choose a day to come."))
            self._demand_place(self._measure)
        return given

    def _demand_place(self, measure: Measure) -> None:
        given = self.cleaned_data
        if measure in {Measure.MOVE, Measure.SPLIT} and not given.get("category"):
            self.add_error("category", _("Choose the category."))
        if measure == Measure.SPLIT and len(given.get("title", "").split()) == 0:
            self.add_error("title", _("Write the title of the new thread."))
        if measure == Measure.MERGE and not _NUMBER.search(given.get("into", "").strip()):
            self.add_error("into", _("There is no such thread. Paste its address."))

    def verdict(self) -> Verdict:
        """What is decided. Of a valid form that was told the measure."""
        assert self._measure is not None
        until = self._until() if self._measure in WITH_END else None
        return Verdict(measure=self._measure, until=until, place=self._place(), **self.reason())

    def _until(self) -> datetime | None:
        """The moment chosen; None where it is none to come."""
        given = self.cleaned_data
        chosen = given.get("until") or "3"
        if chosen != BY_DATE:
            return timezone.now() + timedelta(days=int(chosen))
        day = given.get("until_day")
        return _end_of(day) if day is not None and day >= timezone.localdate() else None

    def _place(self) -> Facts:
        given = self.cleaned_data
        if self._measure == Measure.MOVE:
            return {"category": given["category"].pk}
        if self._measure == Measure.SPLIT:
            number = self._subject.number if self._subject else None
            title = " ".join(given["title"].split())
            return {"numbers": [number], "title": title, "category": given["category"].pk}
        if self._measure == Measure.MERGE:
            named = _NUMBER.search(given["into"].strip())
            assert named is not None
            return {"into": int(named[1])}
        return {}


class TogetherForm(ReasonForm):
    """The same on many cases, each in the version that the queue showed."""

    MEASURES = (Measure.LEAVE, Measure.HIDE, Measure.PUBLISH, Measure.REFUSE_HELD)

    measure = forms.ChoiceField(
        label=_("What to do with them"),
        choices=[(each.value, each.label) for each in MEASURES],
        initial=Measure.HIDE,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("measure"):
            self.demand_reason(Measure(given["measure"]))
        return given

    def verdict(self) -> Verdict:
        return Verdict(measure=Measure(self.cleaned_data["measure"]), **self.reason())


class NoteForm(forms.Form):
    """A note for the other moderators."""

    words = forms.CharField(
        label=_("Note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    """What a second person says to a proposal, or another one to an appeal."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def chosen_cases(ticked: Sequence[str]) -> dict[int, int]:
    """The cases that were ticked, each with the version that the row showed."""
    found = [re.fullmatch(r"(\d{1,18})-(\d{1,9})", each) for each in ticked[: MANY + 1]]
    return {int(each[1]): int(each[2]) for each in found if each is not None}


def _end_of(day: date) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(midnight) - timedelta(seconds=1)
