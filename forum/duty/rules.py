"""Who may answer for an organization's duty, and which organization can be asked what."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.models.mandates import represented_by
from accounts.rules import Viewer, is_standing, representatives_of
from forum.discussions.models import Thread
from forum.discussions.rules import may_reply
from forum.duty.models import Offer
from forum.lib.answers import Answer, Refusal


def may_see_duty(viewer: Viewer, organization: Organization) -> Answer:
    """Whether the viewer may see what waits for the organization: its representatives of today.

    Queries: 0 or 1.
    """
    if not isinstance(viewer, User):
        return Refusal(_("Log in first."))
    if viewer.is_active and represented_by(viewer).filter(pk=organization.pk).exists():
        return True
    return Refusal(_("Only a representative decides about the duty of an organization."))


def may_keep_duty(viewer: Viewer, organization: Organization) -> Answer:
    """Whether the viewer may say that the organization is willing, rests or leaves."""
    if isinstance(viewer, User):
        standing = is_standing(viewer)
        if isinstance(standing, Refusal):
            return standing
    return may_see_duty(viewer, organization)


def may_pass_on(viewer: Viewer, offer: Offer) -> Answer:
    """Whether the viewer may leave the question to the next organization."""
    if offer.organization is None:
        return Refusal(_("The adviser is the last one who is asked."))
    keeps = may_keep_duty(viewer, offer.organization)
    if isinstance(keeps, Refusal):
        return keeps
    if not Offer.objects.standing().filter(pk=offer.pk).exists():
        return Refusal(_("This question does not wait for you any more."))
    return True


def may_be_asked(organization: Organization, thread: Thread) -> bool:
    """Whether the organization could answer: one of its representatives, and not the one who
    asks, may read the thread and reply in it; nobody is asked their own question.

    Queries: one, and some for each representative until one is found.
    """
    if thread.organization_id == organization.pk:
        return False
    others = representatives_of(organization).exclude(pk=thread.author_id)
    return any(may_reply(member, thread) for member in others)
