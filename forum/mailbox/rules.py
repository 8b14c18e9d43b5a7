"""Which mails of a member may be published. What may be written is a matter of discussions."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import proven_addresses
from forum.discussions import rules as discussions
from forum.discussions.models import Post
from forum.lib.answers import Answer, Refusal
from forum.mailbox.acts import Act

ORIGINAL_MISSING = _("The mail could not be read. Write again, or answer on the page.")
EXPIRED = _(
    "The address you answered has expired, since the mail is old. Answer on the page of the thread."
)
TOO_LARGE = _(
    "The mail is too large. Send it again with fewer or smaller files, or answer on the page."
)
TOO_MANY = _("You sent many mails in a short time. Wait an hour before you send the next one.")
EMPTY = _(
    "No text of yours was found in the mail. Write above what you answer, or between its lines."
)
ONLY_FILES = _("Say in a sentence what you attach: lists and letters show words only.")
GONE = _("What you answered is no longer on the forum.")
WAITS = _("Your text has arrived. A moderator reads it before others see it.")
HOUR = timedelta(hours=1)


def may_send_from(member: User, sender: str) -> Answer:
    """Whether a mail of this sender is the member's: it comes from an address of theirs.

    Queries: 1.
    """
    own = {member.email, *proven_addresses(member)}
    if sender and sender.lower() in {address.lower() for address in own}:
        return True
    return Refusal(
        _(
            "The mail came from %(sender)s, which is not the address of the account that it was "
            "sent to. Answer from the address of your account, or change the address there."
        )
        % {"sender": sender or _("an unknown address")}
    )


def may_do(member: User, act: Act, post: Post) -> Answer:
    """Whether the member may still do to the post what the link of a mail is for."""
    if not member.is_active:
        return Refusal(_("This account is suspended."))
    if act in (Act.THANK, Act.SUPPORT):
        return discussions.may_react(member, post)
    if act == Act.ACCEPT:
        return discussions.may_accept(member, post)
    return discussions.may_read(member, post.thread)


def mails_per_hour() -> int:
    return settings.MAILS_PER_HOUR
