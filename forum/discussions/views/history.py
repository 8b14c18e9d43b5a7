"""What a post said before it was changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from forum.discussions import rules, versions
from forum.discussions.models import Post
from forum.lib.answers import demand


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions of a post, the newest first; that of a moved one stands where it went."""
    posts = Post.objects.readable_by(request.user).select_related(
        "thread__category", "author", "organization"
    )
    post = get_object_or_404(posts, pk=pk)
    if post.moved_to_id is not None:
        return redirect("discussions:history", post.moved_to_id)
    demand(rules.may_see_history(request.user, post))
    before = request.GET.get("before", "")
    context = {
        "post": post,
        "thread": post.thread,
        "page": versions.versions_of(post, before, request.path),
    }
    return render(request, "discussions/history.html", context)
