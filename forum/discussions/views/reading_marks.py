"""What has been read: the doors that mark it, and the way to what has not."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import MemberRequest
from forum.categories.models import Category
from forum.discussions import actions, reading
from forum.discussions.forms import ReadForm
from forum.discussions.models import Post, ReadMark, Thread
from forum.discussions.unread import ReadState, next_unread, read_state, track, unread_url
from forum.discussions.views.threads import order_of, whole
from forum.lib.limits import allow
from forum.lib.redirects import see_other

READS_PER_MINUTE = 120  # a page that is read sends one every few seconds, and there are tabs
MINUTE = timedelta(minutes=1)


@login_required
@require_POST
def read(request: MemberRequest, pk: int) -> HttpResponse:
    """Posts of a thread marked as read: those named, or all of them."""
    thread = get_object_or_404(Thread.objects.readable_by(request.user), pk=pk)
    if not allow(f"read:{request.user.pk}", READS_PER_MINUTE, MINUTE):
        return _bad(request, _("That was a lot in a short time. Wait a minute."), status=429)
    form = ReadForm(request.POST)
    if not form.is_valid():
        return _bad(request, _("These are not numbers of posts."), status=422)
    if form.cleaned_data["all"]:
        mark = actions.mark_thread_read(user=request.user, thread=thread)
        return _marked(request, thread, mark, thread.get_absolute_url())
    numbers = form.cleaned_data["numbers"]
    mark = actions.mark_read(user=request.user, thread=thread, numbers=numbers)
    return _marked(request, thread, mark, unread_url(thread, after=min(numbers.highest, 2**31)))


@login_required
@require_POST
def read_category(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything in one category marked as read."""
    category = get_object_or_404(Category.objects.readable_by(request.user), pk=pk)
    actions.mark_all_read(user=request.user, category=category)
    return see_other(reverse("discussions:category", args=[category.pk]))


@login_required
@require_POST
def read_everything(request: MemberRequest) -> HttpResponse:
    """Everything the member may read marked as read."""
    actions.mark_all_read(user=request.user)
    return see_other(reverse("discussions:latest"))


@login_required
@require_POST
def unread_from(request: MemberRequest, pk: int) -> HttpResponse:
    """A post, and all written after it, marked as unread."""
    posts = Post.objects.readable_by(request.user).select_related("thread__category")
    post = get_object_or_404(posts, pk=pk)
    actions.mark_unread(user=request.user, thread=post.thread, number=post.number)
    # Back to the list: the thread itself would mark the post as read again at once.
    return see_other(reverse("discussions:category", args=[post.thread.category_id]))


@login_required
@require_GET
def unread(request: MemberRequest, pk: int) -> HttpResponse:
    """The way to the next unread post in the reader's order; to the newest where all is read."""
    thread = get_object_or_404(Thread.objects.readable_by(request.user), pk=pk)
    order = order_of(request)
    state = read_state(request.user, thread)
    number = next_unread(state, whole(request.GET.get("after")), order)
    posts = Post.objects.readable_by(request.user).select_related("thread")
    post = get_object_or_404(posts, thread=pk, number=number or thread.last_number)
    return redirect(reading.place_url(post, order))


def _marked(request: HttpRequest, thread: Thread, mark: ReadMark, address: str) -> HttpResponse:
    if not request.headers.get("X-Fragment"):
        return see_other(address)
    state = ReadState.of(thread, mark)
    return JsonResponse(
        {
            "thread": thread.pk,
            "read": state.read.count,
            "last": thread.last_number,
            "unread": state.unread_count,
            "track": track(state.missing, thread.last_number),
        }
    )


def _bad(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    if request.headers.get("X-Fragment"):
        return JsonResponse({"errors": {"numbers": [sentence]}}, status=status)
    return render(request, "400.html", {"sentence": sentence}, status=status)
