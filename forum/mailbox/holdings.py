"""What the mailbox keeps about a member; plugged into the registry by apps.py."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import Holding
from forum.mailbox.actions.keeping import forget_mails
from forum.mailbox.models import Inbound

MAILS = Holding(
    model=Inbound,
    member="member",
    title=_("Mails you answered the forum with"),
    purpose=_("So that you see what became of each mail, and no text is lost."),
    kept=_("The original and its text for a month, the note that it came for a year."),
    erased=_("Removed, with the originals."),
    erase=forget_mails,
    fields={
        "sender": _("sent from"),
        "subject": _("subject"),
        "received_at": _("when"),
        "state": _("what became of it"),
        "reason": _("why"),
        "sentence": _("what you were told"),
        "remarks": _("what else you were told"),
        "thread": _("thread"),
        "post": _("post"),
        "held": _("text that waits for a moderator"),
        "whole": _("the whole text"),
        "text": _("text"),
    },
    secret={
        "recipient": _("the address you answered: it is a key"),
        "original": _("the mail itself, which you can open on its page"),
    },
    impersonal={
        "member": "the member themselves",
        "key": "tells two deliveries of one mail from two mails",
        "message_id": "a name that the sending program gave the mail",
        "draft_context": "where the text waits as a draft",
    },
)
ALL = (MAILS,)
