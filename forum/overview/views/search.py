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
from forum.categories.rules import may_write
from forum.lib.limits import allow
from forum.overview.search_form import FORM, SearchForm
from forum.overview.search_help import EXAMPLES, OPERATORS
from forum.saved_searches import listing
from forum.saved_searches.models import SavedSearch
from forum.search import few, queries, typos
from forum.search.finding import Filters, Results, find

MINUTE = timedelta(minutes=1)
ORGANIZATIONS_SHOWN = 4
SIMILAR_SHOWN = 4
SIMILAR_MIN_CHARS = 8
KEPT_SHOWN = 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words, narrowed down; an empty page says what can be looked for."""
    form = SearchForm(request.GET, viewer=request.user)
    asked = queries.read(form.text)
    context = {
        "form": form,
        "form_id": FORM,
        "asked": asked,
        "text": form.text,
        "results": Results(),
        "operators": OPERATORS,
        "chosen": form.chosen(),
    }
    if asked and not _may_ask(request):
        context["sentence"] = _("That was a lot in a short time. Wait a minute and try again.")
        return render(request, "overview/search.html", context, status=429)
    more = _found(request, form, asked) if asked else _before(request)
    return render(request, "overview/search.html", context | more)


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """Threads that ask nearly the same, while a title is being written: a piece of a page."""
    title = request.GET.get("title", "")
    results = Results()
    if len(title) >= SIMILAR_MIN_CHARS and _may_ask(request):
        asked = queries.any_of(queries.read(title))
        results = find(request.user, asked, Filters(), is_in_titles=True)
    return render(request, "overview/_similar.html", {"hits": results.hits[:SIMILAR_SHOWN]})


def _before(request: HttpRequest) -> dict[str, object]:
    """What helps before anything was asked. Queries: one for a member."""
    kept = SavedSearch.objects.readable_by(request.user).order_by("-made_at", "-pk")
    return {"examples": EXAMPLES, "kept_searches": kept[:KEPT_SHOWN]}


def _found(request: HttpRequest, form: SearchForm, asked: queries.Asked) -> dict[str, object]:
    after = request.GET.get("after", "")
    filters = form.filters()
    results = find(request.user, asked, filters, order=form.chosen_order, after=after)
    found: dict[str, object] = {
        "results": results,
        "next_url": form.url(after=results.next) if results.next else "",
        "first_url": form.url() if after else "",
    }
    if not after and filters == Filters():
        found["organizations"] = _organizations(form.text, asked)
        found["categories"] = few.categories(request.user, asked)
    if not results.count and not after:
        found["offers"] = _offers(request, form, asked, filters)
        category = form.cleaned_data.get("category")
        found["ask_in"] = category if category and may_write(request.user, category) else None
    return found | _saving(request, form)


def _saving(request: HttpRequest, form: SearchForm) -> dict[str, object]:
    """Whether the search can be saved, or is. Queries: one for a member."""
    question = form.question()
    kept = listing.kept_of(request.user, question) if question else None
    return {"may_be_kept": question is not None, "kept": kept}


def _offers(
    request: HttpRequest, form: SearchForm, asked: queries.Asked, filters: Filters
) -> list[tuple[str, str]]:
    """Questions that are spelled nearly alike and find something for this reader, each with its
    page: within the filters, or else without them."""
    offers = typos.corrected(form.text, asked)
    within = [each for each in offers if find(request.user, queries.read(each), filters).count]
    if within or filters == Filters():
        return [(each, form.url(q=each)) for each in within]
    anywhere = [each for each in offers if find(request.user, queries.read(each), Filters()).count]
    return [(each, form.everywhere_url(each)) for each in anywhere]


def _organizations(text: str, asked: queries.Asked) -> list[Organization]:
    """Those that are called so, then those that say of themselves what was asked for."""
    named = find_organizations(text, ORGANIZATIONS_SHOWN)
    if len(named) == ORGANIZATIONS_SHOWN:
        return named
    others = [
        each for each in few.organizations(asked, 2 * ORGANIZATIONS_SHOWN) if each not in named
    ]
    return [*named, *others][:ORGANIZATIONS_SHOWN]


def _may_ask(request: HttpRequest) -> bool:
    who = request.user.pk or sender_of(request)
    return allow(f"search:{who}", settings.SEARCHES_PER_MINUTE, MINUTE)
