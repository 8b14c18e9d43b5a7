"""What readers do with a post beside answering it: keep it for later, choose it as the answer."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.addresses import is_ours
from accounts.models import User
from accounts.requests import MemberRequest
from accounts.rules import Viewer
from forum.discussions import actions, keepsakes, rules
from forum.discussions.forms import SaveForm, SwitchForm
from forum.discussions.live import fragments_of_post, stream_of
from forum.discussions.models import Post, SavedPost, Thread
from forum.lib.limits import allow
from forum.lib.redirects import see_other

MINUTE = timedelta(minutes=1)


@login_required
@require_POST
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """A reply marked as the answer, or no longer."""
    post = _post_or_404(request, pk)
    form = SwitchForm(request.POST)
    if not form.is_valid() or _too_many(request, form):
        return _refused_form(request, form, post)
    post = actions.accept(author=request.user, post=post, on=form.cleaned_data["on"])
    if not request.headers.get("X-Fragment"):
        return see_other(_back(request, post))
    change = {
        "stream": stream_of(post.thread),
        "seq": post.seq,
        "html": fragments_of_post(post.pk, post.thread_id, head=True),
        "url": post.get_absolute_url(),
    }
    return JsonResponse(change)


@login_required
@require_POST
def save(request: MemberRequest, pk: int) -> HttpResponse:
    """A post kept for later, its note changed, or kept no longer."""
    post = _post_or_404(request, pk)
    form = SaveForm(request.POST)
    if not form.is_valid() or _too_many(request, form):
        return _refused_form(request, form, post)
    on, note = form.cleaned_data["on"], form.cleaned_data["note"]
    if on:
        note = actions.save_for_later(author=request.user, post=post, note=note).note
    else:
        actions.save_no_longer(author=request.user, post=post)
    if request.headers.get("X-Fragment"):
        return JsonResponse({"post": post.pk, "saved": on, "note": note if on else ""})
    return see_other(_back(request, post))


@login_required
@require_GET
def saved(request: MemberRequest) -> HttpResponse:
    """The posts the member keeps, the one saved last first."""
    before = request.GET.get("before", "")
    page = keepsakes.page_of(request.user, before, request.path)
    return render(request, "discussions/saved.html", {"page": page})


def kept_by(viewer: Viewer, thread: Thread) -> dict[str, Any]:
    """For a page with posts of the thread: what is the viewer's own in them. Queries: one."""
    saved = keepsakes.saved_in(viewer, thread)
    return {"saved": saved, "may_choose_answer": rules.may_choose_answer(viewer, thread)}


def kept_alone(viewer: Viewer, post: Post) -> dict[str, Any]:
    """For the page of one post: its forms. Queries: three for a member, none for a guest."""
    if not isinstance(viewer, User):
        return {}
    kept = SavedPost.objects.filter(user=viewer, post=post).first()
    return {
        "kept": kept,
        "save_form": SaveForm(initial={"note": kept.note if kept else ""}),
        "may_save": rules.may_save(viewer, post),
        "may_accept": rules.may_accept(viewer, post),
    }


def _post_or_404(request: HttpRequest, pk: int) -> Post:
    posts = Post.objects.readable_by(request.user).for_display()
    return get_object_or_404(posts.select_related("thread__category"), pk=pk)


def _too_many(request: MemberRequest, form: SwitchForm) -> bool:
    if allow(f"react:{request.user.pk}", settings.REACTIONS_PER_MINUTE, MINUTE):
        return False
    form.add_error(None, _("That was a lot in a short time. Wait a minute and send it again."))
    return True


def _refused_form(request: HttpRequest, form: SwitchForm, post: Post) -> HttpResponse:
    if request.headers.get("X-Fragment"):
        return JsonResponse({"errors": form.errors}, status=422)
    context = {"post": post, "thread": post.thread, "form": form}
    return render(request, "discussions/saving.html", context, status=422)


def _back(request: HttpRequest, post: Post) -> str:
    """The page the form was on, where it says so."""
    address = request.POST.get("next", "")
    return address if address and is_ours(request, address) else post.get_absolute_url()
