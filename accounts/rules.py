"""Who may speak for whom, and who says so. The table of it: docs/rights.md."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.models import Invitation, JoinRequest, Mandate, Organization, User
from forum.lib.answers import Answer, Refusal
from forum.lib.prepared import Prepared

Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Kind:
    """All that questions about rights ask of a viewer beside who it is: the shape of their SQL."""

    is_member: bool
    is_active: bool
    is_staff: bool

    @classmethod
    def of(cls, viewer: Viewer) -> "Kind":
        return cls(isinstance(viewer, User), viewer.is_active, viewer.is_staff)

    def viewer(self, pk: int) -> Viewer:
        """A viewer of this kind, of whom nothing else can be asked.

        Raises: User.DoesNotExist where a question asks for more after all: it then belongs here.
        """
        if not self.is_member:
            return AnonymousUser()
        # `from_db` takes the values in the model's own order of fields.
        known = {"id": pk, "is_staff": self.is_staff, "is_active": self.is_active}
        fields = [f.attname for f in User._meta.concrete_fields if f.attname in known]
        return User.from_db(None, fields, [known[name] for name in fields])


def is_standing(user: User) -> Answer:
    """Whether the account may do anything that others see: not while it is suspended."""
    if not user.is_active:
        return Refusal(_("This account is suspended."))
    if user.suspended_until is not None and user.is_suspended:
        until = date_format(timezone.localtime(user.suspended_until), "DATETIME_FORMAT")
        sentence = _(
            "Your account is suspended until %(until)s: you can read, but not write. "
            "The decision was sent to you by e-mail; you can appeal against it."
        )
        return Refusal(sentence % {"until": until})
    return True


def may_speak(user: Viewer, organization: Organization | None) -> Answer:
    """Whether the member may write in this voice now; None is the member's own voice."""
    if not isinstance(user, User):
        return Refusal(_("Log in to write."))
    standing = is_standing(user)
    return has_voice(user, organization) if standing else standing


def has_voice(user: Viewer, organization: Organization | None) -> Answer:
    """Whether the voice is the member's, also while moderators keep them from writing in it."""
    if not isinstance(user, User):
        return Refusal(_("Log in to write."))
    if not user.is_active:
        return Refusal(_("This account is suspended."))
    if organization is None or voices_of(user).filter(pk=organization.pk).exists():
        return True
    if second_factor.is_missing_for_voice(user):
        return Refusal(
            _("Set up a second factor in your account: it is needed to speak for organizations.")
        )
    return Refusal(
        _("You have no valid mandate to speak for this organization. Choose another voice.")
    )


def may_be_erased(user: User) -> Answer:
    """Whether the member may erase their account: not while something hangs on them alone."""
    if user.erased_at is not None:
        return Refusal(_("This account is erased already."))
    alone = [organization.name for organization in represented_alone(user)]
    if alone:
        names = ", ".join(alone)
        return Refusal(
            _(
                "You alone represent: %(organizations)s. Hand this over to somebody first, "
                "or ask the county office to enter another representative."
            )
            % {"organizations": names}
        )
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        return Refusal(_("You are the only administrator. Appoint another one first."))
    return True


def remembered_voice(user: Viewer) -> int | None:
    """The organization in whose name the member wrote last, if they still may. Queries: 0 or 1."""
    if not isinstance(user, User) or user.last_voice_id is None:
        return None
    still = voices_of(user).filter(pk=user.last_voice_id).exists()
    return user.last_voice_id if still else None


@dataclass(frozen=True, slots=True)
class Voices:
    """In whose name a member may write today, and in whose they wrote last."""

    own_name: str = ""
    organizations: tuple[tuple[int, str], ...] = ()  # pk and name, by name
    chosen: int | None = None


def voices_listed(user: Viewer) -> Voices:
    """What `voices_of` and `remembered_voice` say, at once. Queries: one for a member."""
    if not isinstance(user, User):
        return Voices()
    if second_factor.is_missing_for_voice(user):
        return Voices(user.display_name)
    found = _VOICES.rows(viewer=user.pk)
    is_held = user.last_voice_id in (pk for pk, _ in found)
    return Voices(user.display_name, tuple(found), user.last_voice_id if is_held else None)


def voices_of(user: Viewer) -> QuerySet[Organization]:
    """The organizations in whose name the member may write today, by name."""
    if not isinstance(user, User) or second_factor.is_missing_for_voice(user):
        return Organization.objects.none()
    return _spoken_for_by(user)


def may_edit_profile(user: Viewer, organization: Organization) -> Answer:
    """Whether the member may change what the organization's page says of it. Queries: 0 or 1."""
    if not isinstance(user, User):
        return Refusal(_("Log in to change the profile of an organization."))
    standing = is_standing(user)
    if isinstance(standing, Refusal):
        return standing
    if user.is_staff or _represents(user, organization):
        return True
    return Refusal(_("Only a representative of the organization may change its profile."))


def may_give_kind(user: User, kind: str, *, instead_of: str = "") -> Answer:
    """Whether the member may say that an organization is of this kind; it may always stay so."""
    if user.is_staff or kind == instead_of or kind not in Organization.GIVEN_BY_STAFF:
        return True
    return Refusal(_("Only the adviser enters offices and local-government units."))


# --- Who says who speaks: mandates, invitations, requests to join ---------------------------------
def may_manage_mandates(user: Viewer, organization: Organization) -> Answer:
    """Whether the member may see the people of the organization, invite, answer, change and end
    mandates: its representatives of today, and staff."""
    may = _may_act(user)
    if isinstance(may, Refusal):
        return may
    assert isinstance(user, User)
    if user.is_staff or _represents(user, organization):
        return True
    return Refusal(_("Only the representatives of this organization may do this."))


def may_change_mandate(user: Viewer, mandate: Mandate) -> Answer:
    """Whether the member may give the mandate another role and other days, or end it."""
    may = may_manage_mandates(user, mandate.organization)
    if isinstance(may, Refusal):
        return may
    return True if mandate.is_standing else Refusal(_("This mandate has ended already."))


def may_read_document(user: Viewer, mandate: Mandate) -> Answer:
    """Whether the member may read the document of the mandate: its holder, and who manages it."""
    if isinstance(user, User) and user.is_active and mandate.user_id == user.pk:
        return True
    return may_manage_mandates(user, mandate.organization)


def may_leave(user: Viewer, mandate: Mandate) -> Answer:
    """Whether the member may give up the mandate: their own, unless nobody else represents."""
    own = _may_with_own(user, mandate)
    if isinstance(own, Refusal):
        return own
    if is_last_representative(mandate):
        return Refusal(LAST_REPRESENTATIVE)
    return True


def may_leave_to_adviser(user: Viewer, mandate: Mandate) -> Answer:
    """Whether the member may go and leave it to the adviser to find the next representative."""
    own = _may_with_own(user, mandate)
    if isinstance(own, Refusal):
        return own
    if not is_last_representative(mandate):
        return Refusal(_("Others represent the organization too: you can simply leave."))
    return True


def may_hand_over(user: Viewer, mandate: Mandate) -> Answer:
    """Whether the member may make another one the representative in their place or beside them."""
    own = _may_with_own(user, mandate)
    if isinstance(own, Refusal):
        return own
    if mandate.role != Mandate.Role.REPRESENTATIVE or not mandate.is_current:
        return Refusal(_("Only a representative can hand over."))
    return True


def may_confirm_mandate(user: Viewer, mandate: Mandate) -> Answer:
    """Whether the member may say that the mandate still holds: its holder, and who manages it."""
    if not mandate.is_current:
        return Refusal(_("This mandate is not in force."))
    if isinstance(user, User) and user.is_active and mandate.user_id == user.pk:
        return True
    return may_manage_mandates(user, mandate.organization)


def may_show_name(user: Viewer, mandate: Mandate) -> Answer:
    """Whether the member may decide that the name is shown: the consent is the holder's alone."""
    return _may_with_own(user, mandate)


def may_accept(user: Viewer, invitation: Invitation) -> Answer:
    """Whether the member may come in by the invitation: whoever has proven the address it was
    sent to, while it counts."""
    usable = is_usable(invitation)
    if isinstance(usable, Refusal):
        return usable
    may = _may_act(user)
    if isinstance(may, Refusal):
        return may
    assert isinstance(user, User)
    if invitation.email in proven_addresses(user):
        return True
    return Refusal(
        _(
            "This invitation was sent to another address than that of your account. Log in with "
            "the account of that address, or ask the organization to invite this one."
        )
    )


def proven_addresses(user: User) -> list[str]:
    """The addresses that the member has proven to be theirs. Queries: 1."""
    proven = EmailAddress.objects.filter(user=user, verified=True)
    return [str(email) for email in proven.values_list("email", flat=True)]


def is_usable(invitation: Invitation) -> Answer:
    """Whether the invitation still leads anywhere, whoever opens it."""
    if invitation.accepted_at is not None:
        return Refusal(
            _("This invitation has been used. If it was you, log in: you are in already.")
        )
    if invitation.revoked_at is not None:
        return Refusal(
            _("This invitation has been withdrawn. Ask the organization if you should be in it.")
        )
    if not invitation.is_usable:
        return Refusal(_("This invitation has expired. Ask the organization to send it again."))
    return True


def may_ask_to_join(user: Viewer, organization: Organization) -> Answer:
    """Whether the member may ask to be let in: one request at a time, and nobody who is in."""
    may = _may_act(user)
    if isinstance(may, Refusal):
        return may
    assert isinstance(user, User)
    if Mandate.objects.not_over().filter(user=user, organization=organization).exists():
        return Refusal(_("You have a mandate in this organization already."))
    if JoinRequest.objects.open().filter(user=user, organization=organization).exists():
        return Refusal(_("You have asked already. The organization will answer."))
    return True


def may_answer(user: Viewer, request: JoinRequest) -> Answer:
    """Whether the member may let the asking one in, or decline."""
    may = may_manage_mandates(user, request.organization)
    if isinstance(may, Refusal):
        return may
    if request.answered_at is not None:
        return Refusal(_("This request has been answered already."))
    return True


def may_withdraw_request(user: Viewer, request: JoinRequest) -> Answer:
    """Whether the member may take the request back: their own, while nobody has answered."""
    may = _may_act(user)
    if isinstance(may, Refusal):
        return may
    if request.user_id != user.pk:
        return Refusal(_("This is not your request."))
    if request.answered_at is not None:
        return Refusal(_("This request has been answered already."))
    return True


def representatives_of(organization: Organization) -> QuerySet[User]:
    """The members who represent the organization today and can act, by name."""
    mandates = Mandate.objects.filter(organization=organization).that_represent().current()
    return User.objects.filter(mandates__in=mandates).distinct().order_by("display_name", "pk")


def who_answers_for(organization: Organization) -> QuerySet[User]:
    """Those who answer for the organization: its representatives, and staff where there are none.

    Queries: one more than the list itself.
    """
    representatives = representatives_of(organization)
    return representatives if representatives.exists() else advisers()


def advisers() -> QuerySet[User]:
    """Those who work for the forum, by name."""
    return User.objects.filter(is_staff=True, is_active=True).order_by("display_name", "pk")


def represented_alone(user: User) -> QuerySet[Organization]:
    """Organizations that would have no representative without the member, by name."""
    current = Mandate.objects.that_represent().current()
    held = current.filter(user=user).values("organization")
    others = current.exclude(user=user).values("organization")
    return Organization.objects.filter(pk__in=held).exclude(pk__in=others)


def is_last_representative(mandate: Mandate) -> bool:
    """Whether the organization would have no representative without this mandate. Queries: 0-2."""
    if mandate.role != Mandate.Role.REPRESENTATIVE or not mandate.is_current:
        return False
    others = Mandate.objects.that_represent().current().exclude(pk=mandate.pk)
    return not others.filter(organization=mandate.organization_id).exists()


LAST_REPRESENTATIVE = _(
    "Nobody else represents this organization. Hand over to somebody first, or ask the adviser "
    "to find the next representative."
)


def _may_act(user: Viewer) -> Answer:
    if not isinstance(user, User):
        return Refusal(_("Log in first."))
    return is_standing(user)


def _may_with_own(user: Viewer, mandate: Mandate) -> Answer:
    may = _may_act(user)
    if isinstance(may, Refusal):
        return may
    if mandate.user_id != user.pk:
        return Refusal(_("This is not your mandate."))
    return True if mandate.is_standing else Refusal(_("This mandate has ended already."))


def _represents(user: User, organization: Organization) -> bool:
    held = Mandate.objects.held_by(user).that_represent().current()
    return held.filter(organization=organization).exists()


def mandates_that_speak(member: User | OuterRef) -> QuerySet[Mandate]:
    """The mandates by which the member may write in the name of an organization today, but for a
    second factor that is missing."""
    return Mandate.objects.filter(user=member).that_speak().current()


def _spoken_for_by(user: User) -> QuerySet[Organization]:
    return Organization.objects.filter(pk__in=_SPEAKING.inside(viewer=user.pk))


_SPEAKING = Prepared(
    lambda viewer: mandates_that_speak(User(pk=viewer)).order_by().values_list("organization")
)


_VOICES = Prepared(lambda viewer: _spoken_for_by(User(pk=viewer)).values_list("pk", "name"))
