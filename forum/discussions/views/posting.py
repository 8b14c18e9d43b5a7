"""Writing in a thread: reply, edit, withdraw, react; as a plain form or from the page's script."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import MemberRequest
from accounts.rules import Viewer
from forum.discussions import actions, quoting, rules
from forum.discussions.actions.attaching import Enclosed
from forum.discussions.actions.reviewed import KIND
from forum.discussions.asking import as_answer
from forum.discussions.drafts import draft_of, field_initial, initial_of
from forum.discussions.forms import EditForm, PostForm, ReactionForm, ReplyForm
from forum.discussions.live import fragments_of_post, stream_of
from forum.discussions.mentioning import source_of_today, with_names
from forum.discussions.models import HeldText, Post, Reaction, Thread
from forum.discussions.reading import readable_thread
from forum.discussions.templates_of_threads import TEMPLATES
from forum.discussions.views.drafts import keep_refused, keeping_refused
from forum.discussions.views.enclosing import attached_in, only_attaches, take
from forum.discussions.views.keeping import kept_alone
from forum.discussions.views.keeping_text import member_keeping_text
from forum.discussions.views.waiting import it_waits
from forum.discussions.voices import voice_in
from forum.lib.answers import demand
from forum.lib.body_field import body_initial
from forum.lib.limits import allow
from forum.lib.redirects import see_other
from forum.moderation.models import Decision, DecisionQuerySet

MINUTE = timedelta(minutes=1)


@member_keeping_text
@require_http_methods(["GET", "POST"])
def reply(request: MemberRequest, pk: int) -> HttpResponse:
    """A reply to the thread or to one of its posts."""
    thread = readable_thread(request.user, pk)
    if thread is None:
        raise Http404
    if request.method == "GET":
        # Where a reload or a login after a refused reply leads.
        return redirect(thread)
    may_reply = rules.may_reply(request.user, thread)
    if not may_reply:
        keep_refused(request, thread)
    demand(may_reply)
    form = ReplyForm(request.POST, user=request.user, thread=thread)
    enclosed = take(request, form, thread)
    if only_attaches(request) or not form.is_valid() or too_many(request, form):
        return _refused_form(request, form, thread)
    with keeping_refused(request, thread):
        post = actions.reply(
            author=request.user,
            voice=form.cleaned_data["voice"],
            thread=thread,
            body=form.cleaned_data["body"],
            body_format=form.cleaned_data["body_format"],
            parent=form.cleaned_data["parent"],
            once=form.cleaned_data["once"],
            draft=form.cleaned_data["draft"],
            is_about_office=form.cleaned_data["about_office"],
            enclosed=enclosed,
        )
    return _written(request, post, status=201, head=True)


@login_required
@require_safe
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """A page with one post and the form that answers it, for browsers without scripts."""
    post = _post_or_404(request, pk)
    if post.is_moved:
        return redirect("discussions:answer", post.moved_to_id, permanent=True)
    demand(rules.may_reply(request.user, post.thread))
    initial = {**initial_of(draft_of(request.user, post.thread)), "parent": post.number}
    if "quote" in request.GET and not post.has_tombstone:
        initial |= quoting.appended(initial, post, request.build_absolute_uri)
    form = ReplyForm(initial=initial, user=request.user, thread=post.thread)
    form.attached = attached_in(request.user, post.thread)
    context = {"post": post, "thread": post.thread, "form": form}
    return render(request, "discussions/answer.html", context)


@require_safe
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """The post alone: who reacted, and what its author may do with it."""
    post = _post_or_404(request, pk)
    if post.is_moved:
        return redirect("discussions:post", post.moved_to_id, permanent=True)
    context = {
        "post": post,
        "thread": post.thread,
        "is_own": post.author_id == request.user.pk,
        "may_edit": rules.may_edit(request.user, post),
        "decisions": _decisions_on(request.user, post),
        **kept_alone(request.user, post),
        "streams": f"{stream_of(post.thread)}:{post.thread.seq}",
        "react_voice": voice_in(request.user, post.thread.category),
    }
    return render(request, "discussions/post.html", context)


@member_keeping_text
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """A new text for one's own post."""
    post = _post_or_404(request, pk)
    may_edit = rules.may_edit(request.user, post)
    if request.method == "POST" and not may_edit:
        keep_refused(request, post)
    demand(may_edit)
    source = source_of_today(post)
    initial: dict[str, object] = {"about_office": post.is_about_office}
    initial |= body_initial(source, post.source_format) | field_initial(post.filled)
    initial |= initial_of(draft_of(request.user, post))
    data = request.POST if request.method == "POST" else None
    form = EditForm(data, initial=initial, post=post, template=TEMPLATES.get(post.template))
    if form.is_bound:
        enclosed = take(request, form, post)
        if not only_attaches(request) and form.is_valid() and not too_many(request, form):
            return _written(request, _edited(request, post, form, enclosed), status=200)
        if request.headers.get("X-Fragment"):
            return JsonResponse(as_answer(form), status=422)
    else:
        form.attached = attached_in(request.user, post)
    status = 422 if form.is_bound and form.errors else 200
    context = {"post": post, "thread": post.thread, "form": form}
    return render(request, "discussions/edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """One's own post taken back, after a question."""
    post = _post_or_404(request, pk)
    demand(rules.may_withdraw(request.user, post))
    if request.method == "POST":
        return _written(request, actions.withdraw(author=request.user, post=post), status=200)
    context = {"post": post, "thread": post.thread}
    return render(request, "discussions/withdraw.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def react(request: MemberRequest, pk: int) -> HttpResponse:
    """Thanks or support, given or taken back."""
    post = _post_or_404(request, pk)
    if request.method == "GET":
        return redirect("discussions:post", pk)
    form = ReactionForm(request.POST, user=request.user)
    if not allow(f"react:{request.user.pk}", settings.REACTIONS_PER_MINUTE, MINUTE):
        form.add_error(None, _too_fast())
    if not form.is_valid():
        return _bad_reaction(request, form, post)
    kind = Reaction.Kind(form.cleaned_data["kind"])
    on = form.cleaned_data["on"]
    if on is None:
        on = not post.reactions.filter(user=request.user, kind=kind).exists()
    voice = form.cleaned_data["voice"]
    post = actions.react(author=request.user, voice=voice, post=post, kind=kind, on=on)
    return _written(request, post, status=200)


def _decisions_on(viewer: Viewer, post: Post) -> DecisionQuerySet:
    """Why a post is hidden, for its author. Queries: one where it is."""
    if not post.is_hidden or post.author_id != viewer.pk:
        return Decision.objects.none()
    return Decision.objects.standing().restricting(KIND, post.pk)


def too_many(request: MemberRequest, form: PostForm | EditForm) -> bool:
    """Whether the member writes faster than people do; the form then carries the sentence."""
    if allow(f"post:{request.user.pk}", settings.POSTS_PER_MINUTE, MINUTE):
        return False
    form.add_error(None, _too_fast())
    return True


def _edited(
    request: MemberRequest, post: Post, form: EditForm, enclosed: Enclosed
) -> Post | HeldText:
    with keeping_refused(request, post):
        return actions.edit(
            author=request.user,
            post=post,
            body=form.cleaned_data["body"],
            body_format=form.cleaned_data["body_format"],
            draft=form.cleaned_data["draft"],
            filled=form.filled() if form.template else None,
            is_about_office=form.cleaned_data["about_office"],
            enclosed=enclosed,
        )


def _too_fast() -> str:
    return _("That was a lot in a short time. Wait a minute and send it again.")


def _post_or_404(request: HttpRequest, pk: int) -> Post:
    posts = Post.objects.readable_by(request.user).for_display()
    post = get_object_or_404(posts.select_related("thread__category__parent"), pk=pk)
    return with_names([post])[0]


def _written(
    request: HttpRequest, post: Post | HeldText, *, status: int, head: bool = False
) -> HttpResponse:
    if isinstance(post, HeldText):
        return it_waits(request, post)
    if not request.headers.get("X-Fragment"):
        return see_other(post.get_absolute_url())
    # What its listeners were told of it, where it was written just now.
    told = post.told
    change = {
        "stream": stream_of(post.thread),
        "seq": post.seq,
        "html": told() if told else fragments_of_post(post.pk, post.thread_id, head=head),
        "url": post.get_absolute_url(),
    }
    return JsonResponse(change, status=status)


def _refused_form(request: HttpRequest, form: ReplyForm, thread: Thread) -> HttpResponse:
    if request.headers.get("X-Fragment"):
        return JsonResponse(as_answer(form), status=422)
    parent = form.cleaned_data.get("parent")
    context = {"post": parent, "thread": thread, "form": form}
    status = 422 if form.errors else 200
    return render(request, "discussions/answer.html", context, status=status)


def _bad_reaction(request: HttpRequest, form: ReactionForm, post: Post) -> HttpResponse:
    if request.headers.get("X-Fragment"):
        return JsonResponse({"errors": form.errors}, status=422)
    sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
    context = {"sentence": " ".join(sentences), "post": post}
    return render(request, "400.html", context, status=422)
