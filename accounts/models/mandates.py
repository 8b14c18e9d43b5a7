"""Mandates: a member's place in an organization, and the right to speak in its name."""

from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.documents import private_storage, random_name_of_mandate
from accounts.models.organizations import Organization
from accounts.models.people import User


class MandateQuerySet(models.QuerySet["Mandate"]):
    def current(self, on: date | None = None) -> "MandateQuerySet":
        """Mandates in force on the day (today in Warsaw by default)."""
        on = on or timezone.localdate()
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, revoked_at=None
        )

    def that_speak(self) -> "MandateQuerySet":
        """Mandates that give the right to write in the organization's name."""
        return self.filter(role__in=Mandate.SPEAKING_ROLES)

    def that_represent(self) -> "MandateQuerySet":
        """Mandates of representatives who can act: whoever is suspended cannot."""
        return self.filter(role=Mandate.Role.REPRESENTATIVE, user__is_active=True)

    def not_over(self) -> "MandateQuerySet":
        """In force or coming: neither revoked nor over."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()), revoked_at=None
        )

    def readable_by(self, viewer: User | AnonymousUser) -> "MandateQuerySet":
        """One's own, and those of the organizations whose people one manages."""
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        if viewer.is_staff:
            return self
        return self.filter(Q(user=viewer) | Q(organization__in=represented_by(viewer)))

    def held_by(self, user: User) -> "MandateQuerySet":
        return self.filter(user=user)

    def without_successor(self) -> "MandateQuerySet":
        """Those after which the same member has no longer mandate in the same organization."""
        later = Mandate.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")),
            user=OuterRef("user"),
            organization=OuterRef("organization"),
            revoked_at=None,
        )
        return self.filter(~Exists(later))

    def unconfirmed_since(self, day: date) -> "MandateQuerySet":
        """Open-ended ones that speak, and that nobody has confirmed since the day began."""
        return self.that_speak().filter(
            Q(confirmed_on=None, valid_from__lte=day) | Q(confirmed_on__lte=day), valid_to=None
        )

    def for_listing(self) -> "MandateQuerySet":
        """With the organization, the newest beginning first."""
        return self.select_related("organization").order_by("-valid_from", "-pk")

    def for_people(self) -> "MandateQuerySet":
        """With the people in them, by role and name."""
        rank = models.Case(
            *(models.When(role=role, then=rank) for rank, role in enumerate(Mandate.Role)),
            default=len(Mandate.Role),
        )
        return self.select_related("user", "granted_by").order_by(
            rank, "user__display_name", "-valid_from", "-pk"
        )


def represented_by(user: User) -> models.QuerySet[Organization]:
    """The organizations that the member represents today."""
    mandates = Mandate.objects.held_by(user).that_represent().current()
    return Organization.objects.filter(pk__in=mandates.values("organization"))


class Mandate(models.Model):
    """A member's place in an organization, from a day to a day."""

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", _("representative")
        PROXY = "proxy", _("proxy")
        MEMBER = "member", _("member")

    class Standing(models.TextChoices):
        CURRENT = "current", _("in force")
        COMING = "coming", _("not yet in force")
        ENDED = "ended", _("ended")
        REVOKED = "revoked", _("revoked")

    class Ground(models.TextChoices):
        STATUTE = "statute", _("the statute or the National Court Register")
        RESOLUTION = "resolution", _("a resolution of the board")
        POWER_OF_ATTORNEY = "power_of_attorney", _("a power of attorney")
        INVITATION = "invitation", _("an invitation of the organization")
        ADVISER = "adviser", _("a decision of the adviser")

    SPEAKING_ROLES = (Role.REPRESENTATIVE, Role.PROXY)
    # Boards change yearly: a mandate without an end is confirmed once in this time.
    CONFIRMED_FOR = timedelta(days=365)

    user = models.ForeignKey(
        User, models.CASCADE, related_name="mandates", verbose_name=_("member")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="mandates", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("granted by"),
    )
    ground = models.CharField(_("ground"), max_length=20, choices=Ground, blank=True)
    # The member's consent, theirs alone to give: others see the name on the organization's page.
    is_public = models.BooleanField(_("name shown on the organization's page"), default=False)
    note = models.TextField(_("note"), blank=True)
    # The power of attorney. Private: its holder and those who manage mandates may read it.
    document = models.FileField(
        _("document"),
        max_length=100,
        blank=True,
        storage=private_storage,
        upload_to=random_name_of_mandate,
    )
    confirmed_on = models.DateField(_("confirmed"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="mandate_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                # Terms that end stay as history beside the next one; only an open one is single.
                fields=["user", "organization"],
                condition=Q(revoked_at=None, valid_to=None),
                name="one_open_mandate_per_member_and_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organization} ({self.get_role_display()})"

    @property
    def standing(self) -> "Mandate.Standing":
        """Where the mandate stands today in Warsaw, as MandateQuerySet.current would have it."""
        today = timezone.localdate()
        if self.revoked_at is not None:
            return self.Standing.REVOKED
        if self.valid_from > today:
            return self.Standing.COMING
        if self.valid_to is not None and self.valid_to < today:
            return self.Standing.ENDED
        return self.Standing.CURRENT

    @property
    def is_current(self) -> bool:
        return self.standing == self.Standing.CURRENT

    @property
    def is_standing(self) -> bool:
        """Whether it is in force or will be."""
        return self.standing in {self.Standing.CURRENT, self.Standing.COMING}

    @property
    def ended_on(self) -> date | None:
        """The last day, for a mandate that was revoked the day of that."""
        if self.revoked_at is not None:
            return timezone.localdate(self.revoked_at)
        return self.valid_to

    @property
    def days_left(self) -> int | None:
        """Days from today to the last one; None where there is no end."""
        return None if self.valid_to is None else (self.valid_to - timezone.localdate()).days

    @property
    def confirm_by(self) -> date:
        """When it should be confirmed next."""
        return (self.confirmed_on or self.valid_from) + self.CONFIRMED_FOR

    @property
    def awaits_confirmation(self) -> bool:
        """Whether a year has passed since somebody said that it still holds."""
        is_asked = self.role in self.SPEAKING_ROLES and self.valid_to is None
        return is_asked and self.is_current and self.confirm_by <= timezone.localdate()


class MandateReminder(models.Model):
    """A letter about a mandate that has been sent; the row keeps it from being sent again."""

    class Kind(models.TextChoices):
        MONTH = "month", _("30 days before the end")
        WEEK = "week", _("7 days before the end")
        YEARLY = "yearly", _("time to confirm it")

    # How long before the end each of these goes out.
    BEFORE_THE_END = {Kind.MONTH: timedelta(days=30), Kind.WEEK: timedelta(days=7)}

    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="reminders")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # The end it was about: another end is reminded of anew.
    about = models.DateField(_("about the day"))
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reminder of a mandate")
        verbose_name_plural = _("reminders of mandates")
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "kind", "about"], name="one_reminder_of_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id} {self.kind} {self.about}"
