"""Writing is for members; who was logged out while writing does not lose the text."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.requests import MemberRequest
from forum.discussions.template_fields import fields_sent

Writing = Callable[[MemberRequest, int], HttpResponse]
Door = Callable[[HttpRequest, int], HttpResponse]


def member_keeping_text(view: Writing) -> Door:
    """Like login_required, but a text sent without a session is shown again, ready to be copied."""
    for_members = cast("Door", login_required(view))

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int) -> HttpResponse:
        body = request.POST.get("body", "") if not request.user.is_authenticated else ""
        if body and not request.headers.get("X-Fragment"):
            text = "\n\n".join([*filter(None, fields_sent(request.POST).values()), body])
            context = {"body": text, "title": request.POST.get("title", "")}
            return render(request, "discussions/logged_out.html", context, status=401)
        return for_members(request, pk)

    return wrapped
