"""A new thread: which form it begins with, and its opening post."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.requests import MemberRequest
from forum.categories.models import Category
from forum.discussions import actions, rules
from forum.discussions.actions.attaching import Enclosed
from forum.discussions.asking import as_answer
from forum.discussions.drafts import context_of, draft_of, initial_of
from forum.discussions.forms import StartForm
from forum.discussions.models import TITLE_MAX_LENGTH, Draft, HeldText, Thread
from forum.discussions.templates_of_threads import PLAIN, TEMPLATES, offered_in
from forum.discussions.views.drafts import keep_refused, keeping_refused
from forum.discussions.views.enclosing import attached_in, only_attaches, take
from forum.discussions.views.keeping_text import member_keeping_text
from forum.discussions.views.posting import too_many
from forum.discussions.views.waiting import it_waits
from forum.lib.answers import demand
from forum.lib.redirects import see_other


@member_keeping_text
@require_http_methods(["GET", "POST"])
def start(request: MemberRequest, pk: int) -> HttpResponse:
    """A new thread in the category, with one of its templates or without."""
    category = get_object_or_404(Category.objects.readable_by(request.user), pk=pk)
    wish = request.GET.get("template", "")
    if request.method == "GET" and category.templates and not _is_known(wish):
        return _choice(request, category)
    template = TEMPLATES.get(wish)
    key = template.key if template else ""
    may_start = rules.may_start(request.user, category, key)
    if request.method == "POST" and not may_start:
        keep_refused(request, category, key)
    demand(may_start)
    greeting = {"title": request.GET.get("title", "")[:TITLE_MAX_LENGTH]}
    initial = greeting | initial_of(draft_of(request.user, category, key))
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, user=request.user, category=category, initial=initial, template=template)
    if form.is_bound:
        enclosed = take(request, form, category, key)
        if not only_attaches(request) and form.is_valid() and not too_many(request, form):
            return _started(request, _start(request, category, form, enclosed))
        if request.headers.get("X-Fragment"):
            return JsonResponse(as_answer(form), status=422)
    else:
        form.attached = attached_in(request.user, category, key)
    status = 422 if form.is_bound and form.errors else 200
    context = {
        "category": category,
        "form": form,
        "template": template,
        "context_name": context_of(category, key),
    }
    return render(request, "discussions/start.html", context, status=status)


def _is_known(wish: str) -> bool:
    return wish == PLAIN or wish in TEMPLATES


def _choice(request: MemberRequest, category: Category) -> HttpResponse:
    """The cards: which form suits what the member wants to say."""
    demand(rules.may_start(request.user, category))
    begun = Draft.objects.filter(user=request.user, category=category)
    context = {
        "category": category,
        "templates": offered_in(category),
        "plain": PLAIN,
        "has_drafts": begun.exists(),
    }
    return render(request, "discussions/choose_template.html", context)


def _start(
    request: MemberRequest, category: Category, form: StartForm, enclosed: Enclosed
) -> Thread | HeldText:
    key = form.template.key if form.template else ""
    # It may be closed to new threads while the form is on its way.
    with keeping_refused(request, category, key):
        return actions.start_thread(
            author=request.user,
            voice=form.cleaned_data["voice"],
            category=category,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            body_format=form.cleaned_data["body_format"],
            once=form.cleaned_data["once"],
            draft=form.cleaned_data["draft"],
            template=key,
            filled=form.filled(),
            is_about_office=form.cleaned_data["about_office"],
            enclosed=enclosed,
        )


def _started(request: HttpRequest, thread: Thread | HeldText) -> HttpResponse:
    if isinstance(thread, HeldText):
        return it_waits(request, thread)
    url = thread.get_absolute_url()
    if request.headers.get("X-Fragment"):
        return JsonResponse({"url": url}, status=201)
    return see_other(url)
