"""One thread: the page, its branches, and the address of each post."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forum.discussions import reading
from forum.discussions.heads import head_of
from forum.discussions.live import stream_of
from forum.discussions.mentioning import with_names
from forum.discussions.models import Post, Thread
from forum.discussions.rail import rail_context, shown_on, unread_context
from forum.discussions.reading import Row
from forum.discussions.unread import Shown
from forum.discussions.views.keeping import kept_by
from forum.discussions.views.thread_pages import thread_page
from forum.discussions.voices import voice_in
from forum.lib.pages import Page
from forum.lib.paths import path_in

PARTICIPANTS_SHOWN = 8
ORDERS = ("tree", "time")
ORDER_COOKIE = "order"
ORDER_REMEMBERED = 60 * 60 * 24 * 365  # seconds


@require_safe
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of a thread, in the order the reader chose last."""
    thread = reading.readable_thread(request.user, pk)
    if thread is None:
        raise Http404
    if thread.merged_into_id is not None:
        return redirect("discussions:thread", thread.merged_into_id, permanent=True)
    order = order_of(request)
    response = thread_page(request, thread, order, lambda: _page_names(request, thread, order))
    if request.GET.get("order") == order:
        response.set_cookie(
            ORDER_COOKIE, order, max_age=ORDER_REMEMBERED, httponly=True, samesite="Lax"
        )
    return response


def _page_names(
    request: HttpRequest, thread: Thread, order: str
) -> tuple[dict[str, Any], list[Shown]]:
    """What the page shows to every reader: of the request only the address is looked at."""
    page = _page(request, thread, order)
    shown = shown_on(page.items)
    return {
        "thread": thread,
        "page": page,
        "rows": page.items,
        "order": order,
        "order_urls": {name: f"{request.path}?order={name}" for name in ORDERS},
        "participants": _participants(page.items),
        "participants_shown": PARTICIPANTS_SHOWN,
        "head": head_of(thread),
        **rail_context(thread, shown),
        "streams": f"{stream_of(thread)}:{thread.seq}",
        "page_size": reading.PAGE_SIZE,
    }, shown


@require_safe
def branch(request: HttpRequest, pk: int, root_number: int) -> HttpResponse:
    """The rest of a long branch: a page of its own, or only the posts for the page that asks."""
    thread = get_object_or_404(Thread.objects.readable_by(request.user).for_listing(), pk=pk)
    roots = Post.objects.for_display().filter(thread=thread, depth=0)
    root = get_object_or_404(roots, number=root_number)
    if root.is_moved:
        return redirect(_new_place(root), permanent=True)
    root.thread = thread
    with_names([root])
    page = reading.branch_after(root, _branch_start(request, root))
    shown = shown_on(page.items)
    fragment = request.headers.get("X-Fragment")
    template = "discussions/_rows.html" if fragment else "discussions/branch.html"
    return render(
        request,
        template,
        {
            "thread": thread,
            "root": root,
            "rows": page.items,
            "page": page,
            **({} if fragment else rail_context(thread, shown)),
            **({} if fragment else unread_context(request.user, thread, shown, "tree")),
            "streams": f"{stream_of(thread)}:{thread.seq}",
            **({} if fragment else kept_by(request.user, thread)),
            "react_voice": voice_in(request.user, thread.category),
        },
    )


@require_safe
def place(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Where a post stands now: its lasting address leads to the page that shows it."""
    posts = Post.objects.readable_by(request.user).select_related("thread")
    post = get_object_or_404(posts, thread=pk, number=number)
    if post.is_moved:
        return redirect(_new_place(post), permanent=True)
    return redirect(reading.place_url(post, order_of(request)))


def order_of(request: HttpRequest) -> str:
    """The order the address asks for, else the one remembered, else the tree."""
    for wish in (request.GET.get("order"), request.COOKIES.get(ORDER_COOKIE)):
        if wish in ORDERS:
            return wish
    return ORDERS[0]


def _new_place(stub: Post) -> Post:
    assert stub.moved_to is not None
    return stub.moved_to


def _page(request: HttpRequest, thread: Thread, order: str) -> Page[Row]:
    query = request.GET
    at = whole(query.get("at"))
    if order == "time":
        page = reading.page_of_number(at) if at else whole(query.get("page"))
        return reading.by_time(thread, page)
    if at:
        return reading.tree_at(thread, at)
    if "before" in query:
        return reading.tree_before(thread, path_in(query["before"]))
    return reading.tree_after(thread, path_in(query.get("after", "")))


def _branch_start(request: HttpRequest, root: Post) -> str:
    at = whole(request.GET.get("at"))
    if at:
        return reading.branch_start_for(root, at)
    return max(path_in(request.GET.get("after", "")), root.path)


def whole(text: str | None) -> int:
    """The number, or 0 where the address holds none that a post could have."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _participants(rows: Iterable[Row]) -> list[Post]:
    """One post for each of the first voices heard on the page, in the order they spoke."""
    voices: dict[tuple[bool, int], Post] = {}
    for row in rows:
        if row.post is not None and not row.post.is_moved:
            speaker = row.post.organization_id or row.post.author_id
            voices.setdefault((row.post.organization_id is None, speaker), row.post)
    return list(voices.values())[:PARTICIPANTS_SHOWN]
