"""The public page of an organization: what it is, who speaks for it, what it said here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Mandate, MandateQuerySet, Organization
from accounts.rules import may_edit_profile
from accounts.ways_in import way_in
from forum.notifications.levels import standing_for
from forum.overview.spoken import needs_of, page_of, posts_of, threads_of, with_excerpts

SHOWN = 5  # threads and posts on the profile itself
PAGE_SIZE = 20
BRANCHES_SHOWN = 30


@require_safe
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    organization = _organization_or_404(pk)
    viewer = request.user
    threads_url = reverse("organizations:threads", args=[pk])
    posts_url = reverse("organizations:posts", args=[pk])
    shown = {
        "organization": organization,
        "speakers": _speakers(organization),
        "branches": organization.branches.order_by("sorted_name")[:BRANCHES_SHOWN],
        "may_edit": may_edit_profile(viewer, organization),
        "come_in": way_in(viewer, organization),
        "follow": standing_for(viewer, f"organization.{pk}"),
        "needs": needs_of(organization, viewer).order_by("-created_at", "-pk")[:SHOWN],
        "threads": page_of(threads_of(organization, viewer), "", threads_url, SHOWN),
        "posts": with_excerpts(page_of(posts_of(organization, viewer), "", posts_url, SHOWN)),
        "threads_url": threads_url,
        "posts_url": posts_url,
    }
    return render(request, "organizations/profile.html", shown)


@require_safe
def threads(request: HttpRequest, pk: int) -> HttpResponse:
    """All the threads it began."""
    organization = _organization_or_404(pk)
    rows = threads_of(organization, request.user)
    page = page_of(rows, request.GET.get("before", ""), request.path, PAGE_SIZE)
    shown = {"organization": organization, "page": page}
    return render(request, "organizations/threads.html", shown)


@require_safe
def posts(request: HttpRequest, pk: int) -> HttpResponse:
    """All its posts in threads."""
    organization = _organization_or_404(pk)
    rows = posts_of(organization, request.user)
    page = with_excerpts(page_of(rows, request.GET.get("before", ""), request.path, PAGE_SIZE))
    shown = {"organization": organization, "page": page}
    return render(request, "organizations/posts.html", shown)


def _organization_or_404(pk: int) -> Organization:
    organizations = Organization.objects.select_related("parent")
    return get_object_or_404(organizations.prefetch_related("other_gminas", "spheres"), pk=pk)


def _speakers(organization: Organization) -> MandateQuerySet:
    """The mandates that speak for it today; the page shows the names of those who consent."""
    speaking = Mandate.objects.current().that_speak().filter(organization=organization)
    active = speaking.filter(user__is_active=True).select_related("user")
    return active.order_by("-role", "valid_from", "pk")
