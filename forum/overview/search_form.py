"""What the page of the search is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.saved_searches.actions import Question
from forum.search.finding import BEST, NEWEST, Filters
from forum.search.models import Entry
from forum.search.queries import CHARS_MAX

TIMES = {"week": 7, "month": 31, "year": 366}  # days
NARROWING = ("category", "organization", "gmina", "time", "official", "attached", "mine")
FORM = "search-form"  # the id that the filters beside it name
ORDERS = ((BEST, _("Best first")), (NEWEST, _("Newest first")))


class _Called(forms.ModelChoiceField):
    """A choice of things by what they are called on pages."""

    def label_from_instance(self, obj: Category | Organization) -> str:
        return str(obj.called)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing that narrows the results down, and the page without it."""

    label: str | Promise
    url: str


class SearchForm(forms.Form):
    """The words, and what narrows the results down. Nothing in it stops a search: what is not
    understood narrows nothing, and the page says so."""

    q = forms.CharField(label=_("What are you looking for?"), required=False, strip=False)
    category = _Called(
        Category.objects.none(), label=_("Category"), required=False, empty_label=_("all")
    )
    organization = _Called(
        Organization.objects.none(), label=_("Organization"), required=False, empty_label=_("all")
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
    order = forms.ChoiceField(required=False, choices=ORDERS)

    def __init__(self, data: QueryDict, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.fields["category"].queryset = Category.objects.readable_by(viewer)  # type: ignore[attr-defined]
        self.fields["organization"].queryset = _heard(viewer)  # type: ignore[attr-defined]
        if not viewer.is_authenticated:
            del self.fields["mine"]
        for name in NARROWING:
            if name in self.fields:
                self.fields[name].widget.attrs["form"] = FORM
        self.full_clean()

    @property
    def text(self) -> str:
        """What was typed, as far as it is read, without signs that no page can show."""
        typed = str(self.data.get("q", ""))[:CHARS_MAX]
        return "".join(sign if sign.isprintable() else " " for sign in typed).strip()

    @property
    def is_cut(self) -> bool:
        """Whether more was typed than is read."""
        return len(str(self.data.get("q", "")).strip()) > CHARS_MAX

    @property
    def is_misread(self) -> bool:
        """Whether a filter or the order was not understood, and so is left out."""
        return bool(self.errors.keys() - {"q"})

    @property
    def chosen_order(self) -> str:
        return self.cleaned_data.get("order") or BEST

    def filters(self) -> Filters:
        """What narrows the results down."""
        given = self.cleaned_data
        category, organization = given.get("category"), given.get("organization")
        return Filters(
            category=category.pk if category else None,
            organization=organization.pk if organization else None,
            gmina=given.get("gmina") or "",
            since=_since(given.get("time") or ""),
            is_official=given.get("official") or False,
            has_files=given.get("attached") or False,
            is_mine=given.get("mine") or False,
        )

    def chosen(self) -> list[Chosen]:
        """What narrows the results down, each with the way to take it off."""
        return [Chosen(label, self.url(**{name: ""})) for name, label in self._labels()]

    def everywhere_url(self, text: str = "") -> str:
        """The same words, or others, without anything that narrows them down."""
        return self.url(q=text or self.text, **dict.fromkeys(NARROWING, ""))

    def orders(self) -> list[tuple[str | Promise, str, bool]]:
        """Each order: its name, its page, whether it is chosen."""
        return [(name, self.url(order=key), key == self.chosen_order) for key, name in ORDERS]

    def url(self, **changed: str) -> str:
        """The page of this search with some of it changed; it begins at its first result.

        What is empty is left out, and so is what was not understood.
        """
        query = QueryDict(mutable=True)
        kept = {name: self.data.get(name, "") for name in self.cleaned_data}
        for name, value in {**kept, "q": self.text, **changed}.items():
            if value:
                query[name] = value
        return f"?{query.urlencode()}"

    def question(self) -> Question | None:
        """The search as it can be saved; one's own words are no news, and every time is now."""
        given = self.cleaned_data
        if given.get("mine"):
            return None
        return Question(
            text=self.text,
            category=given.get("category"),
            organization=given.get("organization"),
            gmina=given.get("gmina") or "",
            is_official=given.get("official") or False,
            has_files=given.get("attached") or False,
        )

    def hidden(self) -> list[tuple[str, str]]:
        """The names and values with which the search is saved."""
        names = ("category", "organization", "gmina", "official", "attached")
        kept = [(name, self.data[name]) for name in names if self.cleaned_data.get(name)]
        return [("q", self.text), *kept]

    def _labels(self) -> Iterator[tuple[str, str | Promise]]:
        given = self.cleaned_data
        for name in NARROWING:
            value = given.get(name)
            if not value:
                continue
            if isinstance(value, (Category, Organization)):
                yield name, value.called
            elif value is True:
                yield name, self.fields[name].label or name
            else:
                yield name, dict(self.fields[name].choices)[value]  # type: ignore[attr-defined]


def _heard(viewer: Viewer) -> OrganizationQuerySet:
    """The organizations of which the viewer can find something, by name. Nothing of what they
    said."""
    said = Entry.objects.readable_by(viewer).filter(organization=OuterRef("pk"))
    return Organization.objects.filter(Exists(said)).order_by("sorted_name", "pk")


def _since(name: str) -> datetime | None:
    return timezone.now() - timedelta(days=TIMES[name]) if name in TIMES else None
