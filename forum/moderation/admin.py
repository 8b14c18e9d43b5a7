"""Who moderates for the organizations, and for how long."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.admin import StaffMay
from accounts.models import User
from forum.moderation import actions
from forum.moderation.models import Moderator


@admin.register(Moderator)
class ModeratorAdmin(StaffMay, admin.ModelAdmin):
    fields = ["user", "since", "until", "elected_by"]
    list_display = ["user", "since", "until", "elected_by"]
    list_select_related = ["user"]
    autocomplete_fields = ["user"]
    search_fields = ["user__display_name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        # What was elected stays as it was; only its end may come sooner or later.
        return ["user", "since", "elected_by"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool
    ) -> None:
        assert isinstance(obj, Moderator)
        assert isinstance(request.user, User)
        if change:
            actions.end_term(staff=request.user, term=obj, last_day=obj.until)
            return
        made = actions.appoint(
            staff=request.user,
            member=obj.user,
            since=obj.since,
            until=obj.until,
            elected_by=obj.elected_by,
        )
        obj.pk = made.pk
