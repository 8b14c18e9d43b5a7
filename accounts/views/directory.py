"""The directory of organizations: by name, commune, sphere and kind."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.finding import find_organizations
from accounts.forms import DirectoryForm
from accounts.models import Organization, OrganizationLogo, OrganizationQuerySet
from accounts.requests import sender_of
from forum.lib.limits import allow
from forum.lib.pages import Page

PAGE_SIZE = 30  # organizations
MATCHES_SHOWN = 30
SUGGESTIONS = 8
SUGGESTIONS_PER_MINUTE = 90  # one for each key of a fast typist
MINUTE = timedelta(minutes=1)
FOREVER_S = 60 * 60 * 24 * 365


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Every organization, or those that fit what was asked for."""
    form = DirectoryForm(request.GET)
    wanted = form.wanted()
    organizations = _narrowed(wanted)
    if "q" in wanted:
        page = Page(find_organizations(wanted["q"], MATCHES_SHOWN, organizations))
    else:
        page = _page(organizations, request.GET.get("after", ""), wanted)
    shown = {
        "form": form,
        "page": page,
        "count": None if "q" in wanted else organizations.count(),
        "is_narrowed": bool(wanted),
    }
    return render(request, "organizations/directory.html", shown)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Suggestions while somebody types: `{"organizations": […]}`."""
    who = request.user.pk or sender_of(request)
    if not allow(f"find:{who}", SUGGESTIONS_PER_MINUTE, MINUTE):
        sentence = _("That was a lot in a short time. Wait a minute and try again.")
        return JsonResponse({"refusal": sentence}, status=429)
    found = find_organizations(request.GET.get("q", ""), SUGGESTIONS)
    return JsonResponse({"organizations": [_suggestion(organization) for organization in found]})


@require_safe
def logo(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """The picture under its own address: another picture has another one."""
    logos = OrganizationLogo.objects.filter(organization__logo_digest=digest)
    picture = get_object_or_404(logos, organization=pk)
    response = HttpResponse(bytes(picture.webp), content_type="image/webp")
    response.headers["Cache-Control"] = f"public, max-age={FOREVER_S}, immutable"
    return response


def _narrowed(wanted: dict[str, Any]) -> OrganizationQuerySet:
    organizations = Organization.objects.all()
    if "gmina" in wanted:
        organizations = organizations.in_gmina(wanted["gmina"])
    if "sphere" in wanted:
        organizations = organizations.in_sphere(wanted["sphere"])
    if "kind" in wanted:
        organizations = organizations.filter(kind=wanted["kind"])
    return organizations.verified() if "verified" in wanted else organizations


def _page(
    organizations: OrganizationQuerySet, after: str, wanted: dict[str, Any]
) -> Page[Organization]:
    """By name; `after` is the last one of the page before. Queries: one, or two after the first."""
    address = f"?{urlencode(wanted)}" if wanted else "?"
    last = Organization.objects.filter(pk=after).first() if _is_key(after) else None
    if last is not None:
        name = last.sorted_name
        later = Q(sorted_name__gt=name) | Q(sorted_name=name, pk__gt=last.pk)
        organizations = organizations.filter(later)
    found = list(organizations.order_by("sorted_name", "pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    next_key = urlencode({**wanted, "after": shown[-1].pk}) if len(found) > PAGE_SIZE else ""
    return Page(
        shown,
        later_url=f"?{next_key}" if next_key else "",
        first_url=address if last is not None else "",
    )


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _suggestion(organization: Organization) -> dict[str, object]:
    return {
        "pk": organization.pk,
        "name": organization.name,
        "called": organization.called,
        "kind": organization.get_kind_display(),
        "gmina": organization.get_gmina_display(),
        "url": organization.get_absolute_url(),
        "is_claimed": organization.is_claimed,
        "is_verified": organization.is_verified,
    }
