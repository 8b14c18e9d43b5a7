"""What the duty keeps about a member; plugged into the registry by apps.py."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import Erasure, Holding
from forum.duty.models import Entry, Offer, Turn


def forget_who_entered(erasure: Erasure) -> None:
    """The organization stays on the roster; who entered it is forgotten."""
    Entry.objects.filter(entered_by=erasure.member).update(entered_by=None)


ENTRIES = Holding(
    model=Entry,
    member="entered_by",
    title=_("Organizations you entered for duty"),
    purpose=_("So that your organization sees who said that it is willing to answer questions."),
    kept=_("As long as the organization is on the roster."),
    erased=_("Your name is removed; the organization stays on the roster."),
    erase=forget_who_entered,
    fields={
        "organization": _("organization"),
        "since": _("since when"),
        "every_weeks": _("how often"),
        "rests_until": _("rests until"),
    },
    impersonal={"entered_by": "the member themselves"},
)
ALL = (ENTRIES,)
IMPERSONAL = {
    Turn: "which organization has which week",
    Offer: "which question was offered to which organization; the thread is a holding of its own",
}
