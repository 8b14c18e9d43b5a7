"""People with an account."""

from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved member; without a password they log in by a code sent to the e-mail."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A member: a person with an e-mail address and a name that others see."""

    class Language(models.TextChoices):
        POLISH = "pl", "polski"
        ENGLISH = "en", "English"

    # Of a member who is no more: in the forum's first language, as every name is.
    ERASED_NAME = "osoba usunięta"

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    display_name = models.CharField(_("name shown to others"), max_length=80)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.POLISH
    )
    shows_presence = models.BooleanField(_("shows others that they read and write"), default=True)
    # The voice chosen last, so that the composer offers it first; rules check it at every use.
    last_voice = models.ForeignKey(
        "accounts.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    is_staff = models.BooleanField(_("works for the forum (adviser, administrator)"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    # Decided by moderators, each until a moment; the account reads, exports and appeals meanwhile.
    suspended_until = models.DateTimeField(null=True, editable=False)
    slowed_until = models.DateTimeField(null=True, editable=False)
    # The last day of an elected moderator's term: most members are known to be none by it.
    moderates_until = models.DateField(null=True, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    # The row outlives the person as a number: posts and mandates refer to it.
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.CheckConstraint(condition=~Q(display_name=""), name="user_has_a_display_name"),
            # "unique" compares letter by letter: without this Anna@ and anna@ were two members.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_active=False),
                name="erased_user_may_not_log_in",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_suspended(self) -> bool:
        """Whether moderators stopped the account from writing for now."""
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def is_slowed(self) -> bool:
        """Whether the account writes only now and then."""
        return self.slowed_until is not None and self.slowed_until > timezone.now()
