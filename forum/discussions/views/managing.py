"""The page where staff manage a thread, and the address of each thing they do there.

Staff proved lately who they are, as at every staff door; whoever only started the thread and gives
it another title need not.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.reauthentication import demand_proof
from accounts.requests import MemberRequest
from forum.discussions import actions, rules
from forum.discussions.managing_forms import (
    CategoryForm,
    MergeForm,
    PaceForm,
    SplitForm,
    SwitchForm,
    TitleForm,
)
from forum.discussions.mentioning import plain_texts
from forum.discussions.models import Post, Thread
from forum.lib.answers import Refused, demand
from forum.lib.pages import Page
from forum.lib.redirects import see_other

POSTS_SHOWN = 50
FOUND_SHOWN = 10
WISH_MAX_LENGTH = 100  # characters of a search among titles
READ_CHARS = 400  # of a post's HTML, from which its first words are taken
EXCERPT_WORDS = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One post to choose, with its first words."""

    post: Post
    words: str


@login_required
@require_GET
def manage(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything that may be done with the thread; its author is shown only the title."""
    thread = _thread_or_404(request, pk)
    if thread.merged_into_id is not None:
        return redirect("discussions:manage", thread.merged_into_id, permanent=True)
    demand(rules.may_retitle(request.user, thread))
    _prove_if_staff(request)
    return _page(request, thread)


@login_required
@require_POST
def pin(request: MemberRequest, pk: int) -> HttpResponse:
    """The thread above the others of its category, or no longer."""
    thread = _managed_or_404(request, pk)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _page(request, thread, status=422)
    actions.pin(staff=request.user, thread=thread, on=form.cleaned_data["on"])
    return _back(thread)


@login_required
@require_POST
def close(request: MemberRequest, pk: int) -> HttpResponse:
    """The thread without further replies, or open again."""
    thread = _managed_or_404(request, pk)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _page(request, thread, status=422)
    actions.close(staff=request.user, thread=thread, on=form.cleaned_data["on"])
    return _back(thread)


@login_required
@require_POST
def pace(request: MemberRequest, pk: int) -> HttpResponse:
    """How often one member may reply, and when nobody does."""
    thread = _managed_or_404(request, pk)
    form = PaceForm(request.POST)
    if not form.is_valid():
        return _page(request, thread, status=422, pace_form=form)
    start, end = form.cleaned_data["quiet_from"], form.cleaned_data["quiet_until"]
    actions.set_pace(
        staff=request.user,
        thread=thread,
        slow_minutes=form.cleaned_data["slow_minutes"],
        quiet=(start, end) if start is not None else None,
    )
    return _back(thread)


@login_required
@require_POST
def retitle(request: MemberRequest, pk: int) -> HttpResponse:
    """Another title."""
    thread = _thread_or_404(request, pk)
    demand(rules.may_retitle(request.user, thread))
    _prove_if_staff(request)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _page(request, thread, status=422, title_form=form)
    actions.retitle(author=request.user, thread=thread, title=form.cleaned_data["title"])
    return see_other(thread.get_absolute_url())


@login_required
@require_POST
def move(request: MemberRequest, pk: int) -> HttpResponse:
    """Another category."""
    thread = _managed_or_404(request, pk)
    form = CategoryForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, thread, status=422, category_form=form)
    actions.move(staff=request.user, thread=thread, category=form.cleaned_data["category"])
    return _back(thread)


@login_required
@require_POST
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """All posts to another thread; this one's address leads there from now on."""
    thread = _thread_or_404(request, pk)
    if thread.merged_into_id is None:
        demand(rules.may_manage(request.user, thread))
    demand_proof(request)
    form = MergeForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            into = actions.merge(staff=request.user, thread=thread, into=form.cleaned_data["into"])
            return see_other(into.get_absolute_url())
        except Refused as refused:
            form.add_error("into", str(refused.refusal.sentence))
    return _page(request, thread, status=422, merge_form=form)


@login_required
@require_POST
def split(request: MemberRequest, pk: int) -> HttpResponse:
    """Some branches to a thread of their own."""
    thread = _managed_or_404(request, pk)
    form = SplitForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            new = actions.split(
                staff=request.user,
                thread=thread,
                numbers=form.chosen(),
                title=form.cleaned_data["title"],
                category=form.cleaned_data["category"],
            )
            return see_other(new.get_absolute_url())
        except Refused as refused:
            form.add_error(None, str(refused.refusal.sentence))
    return _page(request, thread, status=422, split_form=form)


def _page(
    request: MemberRequest, thread: Thread, *, status: int = 200, **bound: forms.Form
) -> HttpResponse:
    may_manage = bool(rules.may_manage(request.user, thread))
    context: dict[str, Any] = {
        "thread": thread,
        "may_manage": may_manage,
        "title_form": TitleForm(initial={"title": thread.title}),
    }
    if may_manage:
        context |= _for_staff(request, thread)
    return render(request, "discussions/manage.html", context | bound, status=status)


def _for_staff(request: MemberRequest, thread: Thread) -> dict[str, Any]:
    wish = request.GET.get("q", "").replace("\0", "").strip()[:WISH_MAX_LENGTH]
    here = {"category": thread.category_id}
    return {
        "category_form": CategoryForm(initial=here, user=request.user, prefix=None),
        "pace_form": PaceForm(initial=_pace_of(thread)),
        "merge_form": MergeForm(user=request.user),
        "split_form": SplitForm(initial=here, user=request.user),
        "wish": wish,
        "found": _found(request, thread, wish) if wish else [],
        "page": _posts(request, thread),
        "ticked": request.POST.getlist("posts"),
    }


def _pace_of(thread: Thread) -> dict[str, Any]:
    names = ("slow_minutes", "quiet_from", "quiet_until")
    return {name: getattr(thread, name) for name in names}


def _found(request: HttpRequest, thread: Thread, wish: str) -> QuerySet[Thread]:
    """Threads whose title holds the words."""
    others = Thread.objects.readable_by(request.user).for_listing().listed().exclude(pk=thread.pk)
    return others.filter(title__icontains=wish).latest_first()[:FOUND_SHOWN]


def _posts(request: HttpRequest, thread: Thread) -> Page[Line]:
    """A page of the posts that may be chosen. Queries: one."""
    wish = request.GET.get("page", "")
    count = max(-(-thread.last_number // POSTS_SHOWN), 1)
    number = int(wish) if wish.isascii() and wish.isdigit() and len(wish) < 10 else 1
    number = min(max(number, 1), count)
    first = (number - 1) * POSTS_SHOWN
    posts = (
        thread.posts.exclude(state=Post.State.MOVED)
        .filter(number__gt=max(first, 1), number__lte=first + POSTS_SHOWN)
        .select_related("author", "organization")
        .defer("source", "html")
        .annotate(beginning=Substr("html", 1, READ_CHARS))
        .order_by("number")
    )
    address = reverse("discussions:manage", args=[thread.pk])
    texts = plain_texts("" if post.has_tombstone else post.beginning for post in posts)
    return Page(
        [Line(post, _first_words(text)) for post, text in zip(posts, texts, strict=True)],
        earlier_url=f"{address}?page={number - 1}#split" if number > 1 else "",
        later_url=f"{address}?page={number + 1}#split" if number < count else "",
        number=number,
        count=count,
    )


def _first_words(text: str) -> str:
    return " ".join(text.split()[:EXCERPT_WORDS])


def _thread_or_404(request: HttpRequest, pk: int) -> Thread:
    return get_object_or_404(Thread.objects.readable_by(request.user).for_listing(), pk=pk)


def _managed_or_404(request: MemberRequest, pk: int) -> Thread:
    thread = _thread_or_404(request, pk)
    demand(rules.may_manage(request.user, thread))
    demand_proof(request)
    return thread


def _prove_if_staff(request: MemberRequest) -> None:
    if request.user.is_staff:
        demand_proof(request)


def _back(thread: Thread) -> HttpResponse:
    return see_other(reverse("discussions:manage", args=[thread.pk]))
