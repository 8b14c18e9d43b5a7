"""What the page of the search is asked for."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.search.finding import BEST, NEWEST, Filters

QUERY_MAX_CHARS = 400
TIMES = {"week": 7, "month": 31, "year": 366}  # days


class SearchForm(forms.Form):
    """The words, and what narrows the results down. Nothing in it can be wrong: what is not
    understood narrows nothing."""

    q = forms.CharField(label=_("What are you looking for?"), required=False, strip=False)
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), required=False, empty_label=_("all")
    )
    gmina = forms.ChoiceField(
        label=_("Commune of whoever speaks"),
        required=False,
        choices=[("", _("all")), *Organization.Gmina.choices],
    )
    time = forms.ChoiceField(
        label=_("Time"),
        required=False,
        choices=[
            ("", _("any")),
            ("week", _("the last week")),
            ("month", _("the last month")),
            ("year", _("the last year")),
        ],
    )
    official = forms.BooleanField(label=_("Only what the office says"), required=False)
    attached = forms.BooleanField(label=_("Only with attachments"), required=False)
    mine = forms.BooleanField(label=_("Only mine"), required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[(BEST, _("the best first")), (NEWEST, _("the newest first"))],
    )

    def __init__(self, data: object, *, viewer: Viewer) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # request.GET
        self.fields["category"].queryset = Category.objects.readable_by(viewer)  # type: ignore[attr-defined]
        if not viewer.is_authenticated:
            del self.fields["mine"]
        self.full_clean()

    @property
    def text(self) -> str:
        """What was typed, as far as it is read."""
        return str(self.data.get("q", ""))[:QUERY_MAX_CHARS]

    @property
    def chosen_order(self) -> str:
        return self.cleaned_data.get("order") or BEST

    def filters(self) -> Filters:
        """What narrows the results down."""
        given = self.cleaned_data
        category = given.get("category")
        return Filters(
            category=category.pk if category else None,
            gmina=given.get("gmina") or "",
            since=_since(given.get("time") or ""),
            is_official=given.get("official") or False,
            has_files=given.get("attached") or False,
            is_mine=given.get("mine") or False,
        )


def _since(name: str) -> datetime | None:
    return timezone.now() - timedelta(days=TIMES[name]) if name in TIMES else None
