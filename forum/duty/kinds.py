"""What is told of questions that nobody answers; plugged into the registry by apps.py.

Everything for one organization, or for the adviser, is counted in one notification.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization, User
from accounts.rules import advisers, representatives_of
from forum.categories.rules import who_may_read
from forum.duty.models import Offer
from forum.moderation.telling import DESK_PLACE
from forum.notifications.kinds import Filing, Kind, Told
from forum.notifications.models import Event, Notification


class OfOffer(Kind):
    """What both share: it is told while the question waits, to who may read it."""

    chapter = "answer"
    is_personal = True

    def who_may_see(self, event: Event) -> QuerySet[User]:
        offer = _standing([event.about_pk]).get(event.about_pk)
        if offer is None:
            return User.objects.none()
        readers = who_may_read(offer.thread.category).order_by().values("pk")
        return self.meant(offer).filter(pk__in=readers)

    def recipients(self, event: Event) -> QuerySet[User]:
        return self.who_may_see(event)

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        by_offer = {event.about_pk: event.pk for event in events}
        theirs = Offer.objects.readable_by(member).standing().filter(pk__in=by_offer)
        return {by_offer[pk] for pk in theirs.values_list("pk", flat=True)}

    def filing(self, event: Event) -> Filing | None:
        offer = _standing([event.about_pk]).get(event.about_pk)
        return self.place(offer) if offer is not None else None

    def words(self, notifications: Sequence[Notification]) -> Mapping[int, Told]:
        offers = _standing({each.last_event.about_pk for each in notifications})
        return {
            each.pk: self.told(each, offers[pk])
            for each in notifications
            if (pk := each.last_event.about_pk) in offers
        }

    def mutes(self, notification: Notification) -> str:
        return ""  # whoever does not want it leaves the roster

    def meant(self, offer: Offer) -> QuerySet[User]:
        """Who is asked by it."""
        raise NotImplementedError

    def place(self, offer: Offer) -> Filing:
        raise NotImplementedError

    def told(self, notification: Notification, offer: Offer) -> Told:
        raise NotImplementedError


class OfferedToOrganization(OfOffer):
    """A question waits for the member's organization."""

    name = "question_offered"

    def meant(self, offer: Offer) -> QuerySet[User]:
        return representatives_of(_asked(offer))

    def place(self, offer: Offer) -> Filing:
        return Filing(f"organization.{offer.organization_id}", f"duty.{offer.organization_id}")

    def told(self, notification: Notification, offer: Offer) -> Told:
        title = ngettext(
            "%(count)s question waits for your organization",
            "%(count)s questions wait for your organization",
            notification.count,
        )
        organization = _asked(offer)
        return Told(
            title=title % {"count": notification.count},
            text=offer.thread.title,
            url=reverse("duty:organization", args=[organization.pk]),
            heading=organization.called,
            heading_url=organization.get_absolute_url(),
        )

    def why(self, notification: Notification) -> str:
        return _("You are told because your organization is willing to answer questions.")


class OfferedToAdviser(OfOffer):
    """A question is left to the adviser."""

    name = "question_left"

    def meant(self, offer: Offer) -> QuerySet[User]:
        return advisers() if offer.organization_id is None else User.objects.none()

    def place(self, offer: Offer) -> Filing:
        return Filing(DESK_PLACE, "duty.adviser")

    def told(self, notification: Notification, offer: Offer) -> Told:
        title = ngettext(
            "%(count)s question is without an answer",
            "%(count)s questions are without an answer",
            notification.count,
        )
        return Told(
            title=title % {"count": notification.count},
            text=offer.thread.title,
            url=reverse("duty:desk"),
            heading=_("The desk"),
            heading_url=reverse("moderation:desk"),
        )

    def why(self, notification: Notification) -> str:
        return _("You are told because you work for the forum.")


ALL = (OfferedToOrganization(), OfferedToAdviser())


def _standing(pks: Iterable[int]) -> dict[int, Offer]:
    return Offer.objects.standing().for_listing().in_bulk(list(pks))


def _asked(offer: Offer) -> Organization:
    assert offer.organization is not None, "the adviser is told by another kind"
    return offer.organization
