"""The page behind a link of a mail: what it does, in whose name, and one button that does it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from forum.discussions.mentioning import plain_texts
from forum.discussions.models import Post
from forum.lib.answers import Refusal
from forum.lib.limits import allow
from forum.lib.redirects import see_other
from forum.mailbox import rules
from forum.mailbox.actions.acting import do, voice_of
from forum.mailbox.acts import Act, Linked, linked_by

MINUTE = timedelta(minutes=1)
EXCERPT_WORDS = 40


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def act(request: HttpRequest, token: str) -> HttpResponse:
    """The question, and the act itself where the button was pressed. Nobody needs to log in."""
    linked = _linked_or_404(token)
    member, post = _member_and_post(linked)
    sentence = _refusal(linked, member, post)
    if sentence:
        return render(request, "mailbox/act_refused.html", {"sentence": sentence}, status=410)
    if request.method != "POST":
        return render(request, "mailbox/act.html", _context(linked, member, post))
    if not allow(f"react:{member.pk}", settings.REACTIONS_PER_MINUTE, MINUTE):
        sentence = _("That was a lot in a short time. Wait a minute and press the button again.")
        return render(request, "mailbox/act_refused.html", {"sentence": sentence}, status=429)
    do(member=member, act=linked.act, post=post)
    return see_other(reverse("mailbox:done", args=[token]))


@require_safe
@never_cache
def done(request: HttpRequest, token: str) -> HttpResponse:
    """That it is done, and the way to the thread."""
    linked = _linked_or_404(token)
    member, post = _member_and_post(linked)
    sentence = _refusal(linked, member, post)
    if sentence:
        return render(request, "mailbox/act_refused.html", {"sentence": sentence}, status=410)
    return render(request, "mailbox/act_done.html", _context(linked, member, post))


def _linked_or_404(token: str) -> Linked:
    linked = linked_by(token)
    if linked is None:
        raise Http404
    return linked


def _member_and_post(linked: Linked) -> tuple[User, Post]:
    """Both as they are today; a post that was moved, where it stands now.

    Raises: Http404 where one of them is gone, or the member may not read the post.
    """
    member = User.objects.filter(pk=linked.member_pk, erased_at=None).first()
    if member is None:
        raise Http404
    readable = Post.objects.readable_by(member).select_related(
        "author", "organization", "thread__category__parent", "moved_to"
    )
    post = readable.filter(pk=linked.post_pk).first()
    if post is not None and post.moved_to_id is not None:
        post = readable.filter(pk=post.moved_to_id).first()
    if post is None:
        raise Http404
    return member, post


def _refusal(linked: Linked, member: User, post: Post) -> str:
    if linked.has_ended:
        return _("The link has expired, since the mail is old. You find the post on the forum.")
    answer = rules.may_do(member, linked.act, post)
    return str(answer.sentence) if isinstance(answer, Refusal) else ""


def _context(linked: Linked, member: User, post: Post) -> dict[str, Any]:
    reacts = linked.act in (Act.THANK, Act.SUPPORT)
    voice = voice_of(member, post) if reacts else None
    return {
        "act": linked.act.name.lower(),
        "label": linked.act.label,
        "member": member,
        "voice_name": voice.called if voice is not None else member.display_name,
        "post": post,
        "excerpt": _excerpt(post),
        "thread": post.thread,
    }


def _excerpt(post: Post) -> str:
    """The first words of the post; of one that was withdrawn there are none."""
    if post.is_withdrawn:
        return ""
    return Truncator(" ".join(plain_texts([post.html])[0].split())).words(EXCERPT_WORDS)
