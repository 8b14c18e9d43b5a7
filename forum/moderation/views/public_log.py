"""How the forum is moderated, for everybody: numbers, who moderates, and every decision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from forum.lib.csv_writing import csv_text
from forum.moderation import public_log
from forum.moderation.models import Moderator

NUMBER_DIGITS = 18  # of any number that a column could hold


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Every decision without a person, the newest first, and what they add up to."""
    before = request.GET.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) <= NUMBER_DIGITS
    totals, months = public_log.numbers()
    context = {
        "page": public_log.log_page(int(before) if is_number else None, request.path),
        "totals": totals,
        "months": months[: public_log.MONTHS_SHOWN],
        "elected": Moderator.objects.current().select_related("user").order_by("since", "pk"),
        "staff": User.objects.filter(is_staff=True, is_superuser=False, is_active=True).order_by(
            "display_name", "pk"
        ),
    }
    return render(request, "moderation/public_log.html", context)


@require_safe
def decisions_file(request: HttpRequest) -> HttpResponse:
    """Every decision as a file for a spreadsheet."""
    return _file("decyzje", csv_text(*public_log.decisions_table()))


@require_safe
def months_file(request: HttpRequest) -> HttpResponse:
    """The numbers month by month as a file for a spreadsheet."""
    return _file("moderacja-miesiacami", csv_text(*public_log.months_table()))


def _file(stem: str, text: str) -> HttpResponse:
    name = f"{stem}-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
