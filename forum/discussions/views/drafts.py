"""One's own unsent texts: the list, the door of the page's script, and throwing away."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.requests import MemberRequest
from forum.categories.models import Category
from forum.discussions.actions import attaching, drafting
from forum.discussions.drafts import Place, context_of, may_send, template_of
from forum.discussions.forms import DraftForm
from forum.discussions.mentioning import draft_of_today
from forum.discussions.models import Attachment, Draft, Post, Thread
from forum.discussions.template_fields import fields_sent
from forum.discussions.templates_of_threads import PLAIN, TEMPLATES, summary_text
from forum.discussions.views.enclosing import keep_files
from forum.discussions.waiting import held_of
from forum.lib import markup
from forum.lib.answers import Refused
from forum.lib.limits import allow
from forum.lib.redirects import see_other

DRAFTS_PER_MINUTE = 60  # one window saves at most every two seconds; two windows may
MINUTE = timedelta(minutes=1)
READ_CHARS = 1_200  # of the source, for the beginning that the list shows
SHOWN_CHARS = 240


@login_required
@require_GET
def drafts(request: MemberRequest) -> HttpResponse:
    """Everything the member wrote that nobody else sees, the latest first. Queries: 4 or 5."""
    kept = (
        Draft.objects.filter(user=request.user)
        .select_related("thread", "category", "post__thread")
        .defer("body")
        .annotate(beginning=Substr("body", 1, READ_CHARS))
        .order_by("-changed_at", "-pk")
    )
    names = {"drafts": _listed(request.user, list(kept)), "held": held_of(request.user)}
    return render(request, "discussions/drafts.html", names)


@require_http_methods(["GET", "POST"])
@never_cache
def draft(request: HttpRequest, context: str) -> JsonResponse:
    """One draft for the page's script: read it, or keep the text that is being written."""
    if not isinstance(request.user, User):
        return _said(_("You are logged out. Log in again in another tab; your text is safe."), 401)
    if request.method == "GET":
        return JsonResponse(_as_json(_own_or_404(request.user, context)))
    data = _json_of(request)
    if isinstance(data, str):
        return _said(data, 413 if data == _too_big() else 400)
    if str(data.get("viewer", request.user.pk)) != str(request.user.pk):
        return _said(_("Another member is logged in here now; your text stays on this page."), 401)
    if not allow(f"draft:{request.user.pk}", DRAFTS_PER_MINUTE, MINUTE):
        return _said(_("That was a lot in a short time. Your text is kept in a minute."), 429)
    form = DraftForm(data, user=request.user)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    return _kept(request.user, context, form)


@login_required
@require_GET
def text(request: MemberRequest, context: str) -> HttpResponse:
    """The whole text of one draft, also where it can no longer be sent, and why it cannot."""
    draft = _own_or_404(request.user, context)
    row = _listed(request.user, [draft])[0]
    place = draft.thread or draft.category or draft.post
    return render(
        request,
        "discussions/draft.html",
        {
            "row": row,
            "draft": draft,
            "may_send": may_send(request.user, place, template_of(context)) if place else False,
            "markdown": "\n\n".join(
                filter(
                    None,
                    [
                        _filled_words(draft),
                        markup.as_markdown(draft_of_today(draft), draft.body_format),
                    ],
                )
            ),
            "files": Attachment.objects.unsent_by(request.user).filter(context=context),
        },
    )


@login_required
@require_POST
def discard(request: MemberRequest, context: str) -> HttpResponse:
    """A draft thrown away, unless another window went on with it meanwhile."""
    draft = _own_or_404(request.user, context)
    seen = request.POST.get("draft", "")
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
    files = Attachment.objects.unsent_by(request.user).filter(context=draft.context)
    done = drafting.discard(user=request.user, context=draft.context, version=version)
    if isinstance(done, drafting.Conflict):
        messages.warning(
            request, _("This draft has changed meanwhile. Look at it again before discarding it.")
        )
    else:
        attaching.discard(uploader=request.user, keys=[each.key for each in files])
        messages.success(request, _("The draft is discarded."))
    return see_other(reverse("discussions:drafts"))


def keep_refused(request: MemberRequest, place: Place, template: str = "") -> None:
    """Keep a text that came by a plain form and could not be sent: nobody types it again."""
    sent = {
        **request.POST.dict(),
        "version": request.POST.get("draft"),
        "filled": fields_sent(request.POST),
    }
    form = DraftForm(sent, user=request.user)
    if request.headers.get("X-Fragment"):
        return
    keep_files(request, place, template)
    if not form.is_valid() or form.text().is_empty:
        return
    version = form.cleaned_data["version"] or 0
    try:
        kept = drafting.keep(
            user=request.user,
            context=context_of(place, template),
            version=version,
            text=form.text(),
        )
    except (Refused, Http404, markup.TooLong):
        return  # The refusal itself is the answer.
    if isinstance(kept, drafting.Kept):
        messages.info(request, _("Your text was not sent. It is kept among your drafts."))


@contextmanager
def keeping_refused(request: MemberRequest, place: Place, template: str = "") -> Iterator[None]:
    """Round an action that may be refused at the last moment, while the form was on its way."""
    try:
        yield
    except Refused:
        keep_refused(request, place, template)
        raise


def _kept(user: User, context: str, form: DraftForm) -> JsonResponse:
    try:
        done = drafting.keep(
            user=user, context=context, version=form.cleaned_data["version"] or 0, text=form.text()
        )
    except Refused as refused:
        return _said(str(refused.refusal.sentence), 403)
    except markup.TooLong:
        sentence = _("The text carries too much formatting. Simplify it or send it in parts.")
        return JsonResponse({"errors": {"body": [sentence]}}, status=422)
    if isinstance(done, drafting.Conflict):
        return JsonResponse(_as_json(done.draft), status=409)
    return JsonResponse({"version": done.version})


def _as_json(draft: Draft) -> dict[str, Any]:
    body = draft_of_today(draft)
    return {
        "version": draft.version,
        "title": draft.title,
        "body": body,
        "body_format": draft.body_format,
        "parent": draft.parent_number,
        "voice": draft.organization_id,
        "about_office": draft.is_about_office,
        "filled": draft.filled,
        "changed_at": draft.changed_at.isoformat(),
        "text": "\n\n".join(filter(None, [_filled_words(draft), _plain_words(draft, body)])),
    }


def _filled_words(draft: Draft) -> str:
    template = draft.post.template if draft.post is not None else template_of(draft.context)
    return summary_text(template, draft.filled)


def _plain_words(draft: Draft, body: str) -> str:
    return markup.plain_text(body) if draft.body_format == "html" else body


def _json_of(request: HttpRequest) -> dict[str, Any] | str:
    """What the script sent, or the sentence that says why it cannot be read."""
    try:
        data = json.loads(request.body)
    except RequestDataTooBig:
        return _too_big()
    except (ValueError, RecursionError):
        data = None
    return data if isinstance(data, dict) else _("This is not a draft that could be kept.")


def _too_big() -> str:
    return _("The text is too long to be kept. Send it in parts.")


def _said(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"refusal": sentence}, status=status)


def _own_or_404(user: User, context: str) -> Draft:
    drafts = Draft.objects.filter(user=user, context=context)
    return get_object_or_404(drafts.select_related("thread", "category", "post__thread__category"))


def _listed(user: User, drafts: list[Draft]) -> list[dict[str, Any]]:
    """What the list says of each; a place is named and linked only while it may be read."""
    threads = [draft.thread_id for draft in drafts if draft.thread_id]
    threads += [draft.post.thread_id for draft in drafts if draft.post is not None]
    seen = dict(
        Thread.objects.readable_by(user).filter(pk__in=threads).values_list("pk", "category_id")
    )
    categories = [draft.category_id for draft in drafts if draft.category_id]
    open_categories = Category.objects.readable_by(user).filter(pk__in=categories)
    readable = {*open_categories.values_list("pk", flat=True)}
    return [_row(draft, seen, readable) for draft in drafts]


def _row(draft: Draft, threads: dict[int, int], categories: set[int]) -> dict[str, Any]:
    place, url = "", ""
    if draft.category is not None and draft.category_id in categories:
        place = draft.category.called
        template = template_of(draft.context)
        url = reverse("discussions:start", args=[draft.category_id])
        url += f"?template={template or PLAIN}"
        place = f"{place}: {TEMPLATES[template].name}" if template in TEMPLATES else place
    thread = draft.post.thread if draft.post is not None else draft.thread
    if thread is not None and thread.pk in threads:
        place = thread.title
        url = _written_at(draft.post, thread)
    return {"draft": draft, "place": place, "url": url, "beginning": _beginning(draft)}


def _written_at(post: Post | None, thread: Thread) -> str:
    if post is not None:
        return reverse("discussions:edit", args=[post.pk])
    return thread.get_absolute_url() + "#composer"


def _beginning(draft: Draft) -> str:
    source = getattr(draft, "beginning", "") or ""
    words = f"{_filled_words(draft)} {_words_of(source, draft.body_format)}"
    return Truncator(" ".join(words.split())).chars(SHOWN_CHARS)


def _words_of(source: str, source_format: str) -> str:
    """Without the signs and tags of its format; what is cut off may end in half of one."""
    return markup.plain_text(markup.render(source, source_format))
