"""The way on for somebody who has just joined: to the place of a first post."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Organization
from accounts.requests import MemberRequest
from accounts.rules import remembered_voice
from forum.categories.models import Category
from forum.discussions.templates_of_threads import PLAIN


@never_cache
@login_required
@require_safe
def welcome(request: MemberRequest) -> HttpResponse:
    """A new thread in the liveliest category open to all, with a greeting for its title."""
    open_to_all = Category.objects.writable_by(request.user).filter(
        readers=Category.Readers.EVERYBODY, writers=Category.Writers.MEMBERS
    )
    category = open_to_all.order_by("-threads_count", "pk").first()
    if category is None:
        return redirect("overview:home")
    voice = remembered_voice(request.user)
    name = Organization.objects.get(pk=voice).called if voice else request.user.display_name
    wish = {"template": PLAIN, "title": _("Good morning from %(name)s") % {"name": name}}
    start = reverse("discussions:start", args=[category.pk])
    return redirect(f"{start}?{urlencode(wish)}")
