"""What a post said before it was changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.models import User
from forum.discussions import rules, versions
from forum.discussions.models import Post
from forum.lib.answers import demand
from forum.moderation.actions import note_access
from forum.moderation.models import AccessNote

What = AccessNote.What


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
    if post.has_tombstone and isinstance(request.user, User):
        # Readers see no such text any more: the author can see who of the staff does.
        note_access(
            reader=request.user,
            member=post.author,
            what=What.HIDDEN_TEXT if post.is_hidden else What.WITHDRAWN_TEXT,
            place=request.path,
        )
    before = request.GET.get("before", "")
    context = {
        "post": post,
        "thread": post.thread,
        "page": versions.versions_of(post, before, request.path),
    }
    return render(request, "discussions/history.html", context)
