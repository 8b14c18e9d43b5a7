"""The administration of people, organizations and mandates, for those who work for the forum."""

from collections.abc import Callable
from typing import Any

from allauth.account import admin as allauth_admin
from allauth.account.decorators import secure_admin_login
from allauth.mfa import admin as mfa_admin  # noqa: F401  # registers what is taken off below
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as usersessions_admin  # noqa: F401  # likewise
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import Mandate, Organization, OrganizationEvent, User
from accounts.plugs import tell_known_otherwise
from accounts.profiles import KNOWN_BY
from accounts.reauthentication import recently_authenticated
from forum.lib.fragments import forget_names

AdminView = Callable[..., HttpResponseBase]

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Administration")
# allauth's login has the rate limits and the codes; Django's own form has neither.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # its hook

# The last half hour's login or proof is asked for at every page, as at every other door of staff.
_shown_to_staff = admin.site.admin_view


def _shown_to_proven_staff(view: AdminView, cacheable: bool = False) -> AdminView:
    return _shown_to_staff(recently_authenticated(view), cacheable)


admin.site.admin_view = _shown_to_proven_staff  # type: ignore[method-assign,assignment]  # likewise

# Rights hang on is_staff and is_superuser; addresses are kept by the member's own page below.
# Named through the modules that register them, so that this runs after they did.
for unused in (
    auth_admin.Group,  # type: ignore[attr-defined]  # it stands there all the same
    allauth_admin.EmailAddress,
    allauth_admin.EmailConfirmation,
    Authenticator,
    UserSession,
):
    if admin.site.is_registered(unused):
        admin.site.unregister(unused)


class StaffMay:
    """Staff see, add and change; only an administrator removes."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_staff(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_administrator(request)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]  # of ModelAdmin
        forget_names()


def _is_staff(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_staff


def _is_administrator(request: HttpRequest) -> bool:
    return _is_staff(request) and request.user.is_superuser


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["email", "display_name", "language", "is_active", "is_staff", "is_superuser"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class MandateInline(StaffMay, admin.TabularInline):
    """To look at only: what changes a mandate asks who would represent the organization then."""

    model = Mandate
    fields = ["user", "organization", "role", "valid_from", "valid_to", "revoked_at"]
    extra = 0
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OwnMandateInline(MandateInline):
    fk_name = "user"  # the other one is who granted it


@admin.register(User)
class UserAdmin(StaffMay, admin.ModelAdmin):
    form = UserForm
    fields = ["email", "display_name", "language", "is_active", "is_staff", "is_superuser"]
    list_display = ["display_name", "email", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["display_name", "email"]
    ordering = ["display_name"]
    inlines = [OwnMandateInline]
    actions = ["take_off_second_factor"]

    @admin.action(description=_("Take off the second factor (telephone lost)"))
    def take_off_second_factor(self, request: HttpRequest, members: QuerySet[User]) -> None:
        """Whoever takes it off could log in with a mailbox: an administrator does, nobody else."""
        if not _is_administrator(request):
            self.message_user(request, _("Only an administrator may do this."), messages.ERROR)
            return
        for member in members:
            actions.take_off_second_factor(member=member)
        self.message_user(request, _("The second factor is taken off."), messages.SUCCESS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who works for the forum is changed by an administrator only; the erased by nobody."""
        if isinstance(obj, User) and obj.erased_at is not None:
            return False
        if isinstance(obj, User) and (obj.is_staff or obj.is_superuser):
            return _is_administrator(request)
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        if _is_administrator(request):
            return []
        # Whoever sets the address could log in by a code sent there.
        return ["is_staff", "is_superuser", *(["email"] if obj else [])]

    def save_model(
        self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool
    ) -> None:
        assert isinstance(obj, User)
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "display_name" in form.changed_data:
            tell_known_otherwise(obj)
        if not change or "email" in form.changed_data:
            actions.confirm_email(member=obj)


@admin.register(Organization)
class OrganizationAdmin(StaffMay, admin.ModelAdmin):
    fields = ["name", "short_name", "kind", "gmina", "register", "register_number", "nip", "regon"]
    fields += ["is_opp", "parent", "is_claimed"]
    autocomplete_fields = ["parent"]
    list_display = ["name", "short_name", "kind", "gmina", "is_claimed", "needs_succession_since"]
    list_filter = ["kind", "gmina", "is_claimed"]
    list_filter += [("needs_succession_since", admin.EmptyFieldListFilter)]
    search_fields = ["name", "short_name", "searched_words", "register_number", "nip"]
    inlines = [MandateInline]

    def save_model(
        self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool
    ) -> None:
        assert isinstance(obj, Organization)
        obj.changed_at = timezone.now()
        super().save_model(request, obj, form, change)
        steps = OrganizationEvent.Kind
        assert isinstance(request.user, User)
        actions.record(
            organization=obj,
            actor=request.user,
            kind=steps.CHANGED if change else steps.CREATED,
            fields=form.changed_data,
        )
        actions.note_change(organization=obj, actor=request.user)
        if change and KNOWN_BY.intersection(form.changed_data):
            tell_known_otherwise(obj)


@admin.register(Mandate)
class MandateAdmin(StaffMay, admin.ModelAdmin):
    """Given and changed by the same actions as on the page of the organization's people.

    Ended it is there only, where the question is asked who represents the organization then; a
    mandate that has ended stays as history.
    """

    fields = ["user", "organization", "role", "valid_from", "valid_to"]
    autocomplete_fields = ["user", "organization"]
    list_display = ["user", "organization", "role", "valid_from", "valid_to", "standing_label"]
    list_filter = ["role", "valid_to"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__display_name", "user__email", "organization__name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["user", "organization"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_over = isinstance(obj, Mandate) and not obj.is_standing
        return super().has_change_permission(request, obj) and not is_over

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool
    ) -> None:
        assert isinstance(obj, Mandate)
        assert isinstance(request.user, User)
        term = actions.Term(obj.role, obj.valid_from, obj.valid_to)
        if change:
            actions.change_mandate(actor=request.user, mandate=obj, term=term)
            return
        obj.pk = actions.grant(
            actor=request.user,
            organization=obj.organization,
            member=obj.user,
            term=term,
            ground=Mandate.Ground.ADVISER,
        ).pk

    @admin.display(description=_("today"))
    def standing_label(self, mandate: Mandate) -> Any:
        return mandate.standing.label
