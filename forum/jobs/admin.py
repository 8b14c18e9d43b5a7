"""Jobs for the operator: what waits, what was given up and why, and another try."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forum.jobs.actions import try_again
from forum.jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    # Arguments are left out: mails hold codes and private words.
    fields = readonly_fields = (
        "kind",
        "unique_key",
        "created_at",
        "run_at",
        "attempts",
        "worker",
        "done_at",
        "failed_at",
        "last_error",
    )
    list_display = ["kind", "created_at", "run_at", "attempts", "done_at", "failed_at"]
    list_filter = ["kind", ("failed_at", admin.EmptyFieldListFilter)]
    ordering = ["-pk"]
    actions = ["retry"]

    @admin.action(description=_("Try again"), permissions=["change"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        try_again(jobs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
