"""The page of the search, and threads like the one that somebody begins."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.finding import find_organizations
from accounts.models import Organization
from accounts.requests import sender_of
from forum.lib.limits import allow
from forum.overview.search_form import SearchForm
from forum.search import few, queries, typos
from forum.search.finding import Filters, Results, find

MINUTE = timedelta(minutes=1)
ORGANIZATIONS_SHOWN = 4
SIMILAR_SHOWN = 4
SIMILAR_MIN_CHARS = 8


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words, narrowed down; an empty page says what can be looked for."""
    form = SearchForm(request.GET, viewer=request.user)
    asked = queries.read(form.text)
    context: dict[str, object] = {
        "form": form,
        "asked": asked,
        "text": form.text.strip(),
        "results": Results(),
        "is_narrowed": form.filters() != Filters(),
    }
    if asked and not _may_ask(request):
        context["sentence"] = _("That was a lot in a short time. Wait a minute and try again.")
        return render(request, "overview/search.html", context, status=429)
    if asked:
        context |= _found(request, form, asked)
    return render(request, "overview/search.html", context)


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """Threads that ask nearly the same, while a title is being written: a piece of a page."""
    title = request.GET.get("title", "")
    results = Results()
    if len(title) >= SIMILAR_MIN_CHARS and _may_ask(request):
        asked = queries.any_of(queries.read(title))
        results = find(request.user, asked, Filters(), is_in_titles=True)
    return render(request, "overview/_similar.html", {"hits": results.hits[:SIMILAR_SHOWN]})


def _found(request: HttpRequest, form: SearchForm, asked: queries.Asked) -> dict[str, object]:
    after = request.GET.get("after", "")
    filters = form.filters()
    results = find(request.user, asked, filters, order=form.chosen_order, after=after)
    found: dict[str, object] = {"results": results, "next_url": _next(request, results.next)}
    if not after and filters == Filters():
        found["organizations"] = _organizations(form.text, asked)
        found["categories"] = few.categories(request.user, asked)
    if not results.count:
        found["offers"] = _offers(request, form.text, asked, filters)
    return found


def _offers(request: HttpRequest, text: str, asked: queries.Asked, filters: Filters) -> list[str]:
    """Questions that are spelled nearly alike, and find something for this reader."""
    return [
        offer
        for offer in typos.corrected(text, asked)
        if find(request.user, queries.read(offer), filters).count
    ]


def _organizations(text: str, asked: queries.Asked) -> list[Organization]:
    """Those that are called so, then those that say of themselves what was asked for."""
    named = find_organizations(text, ORGANIZATIONS_SHOWN)
    if len(named) == ORGANIZATIONS_SHOWN:
        return named
    others = [
        each for each in few.organizations(asked, 2 * ORGANIZATIONS_SHOWN) if each not in named
    ]
    return [*named, *others][:ORGANIZATIONS_SHOWN]


def _next(request: HttpRequest, after: str) -> str:
    if not after:
        return ""
    query = request.GET.copy()
    query["after"] = after
    return f"?{query.urlencode()}"


def _may_ask(request: HttpRequest) -> bool:
    who = request.user.pk or sender_of(request)
    return allow(f"search:{who}", settings.SEARCHES_PER_MINUTE, MINUTE)
