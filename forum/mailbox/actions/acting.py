"""What a member does by a link of a mail, by the same actions as on the page."""

from accounts.models import Organization, User
from accounts.rules import voices_of
from forum.discussions import actions
from forum.discussions.models import Post, Reaction
from forum.discussions.voices import voice_in
from forum.lib.answers import demand
from forum.lib.ranges import Ranges
from forum.mailbox import rules
from forum.mailbox.acts import Act

REACTIONS = {Act.THANK: Reaction.Kind.THANK, Act.SUPPORT: Reaction.Kind.SUPPORT}


def do(*, member: User, act: Act, post: Post) -> None:
    """Do it; a second time changes nothing. Raises: Refused. Locks: those of the action."""
    demand(rules.may_do(member, act, post))
    if act in REACTIONS:
        kind = REACTIONS[act]
        actions.react(author=member, voice=voice_of(member, post), post=post, kind=kind, on=True)
    elif act == Act.ACCEPT:
        actions.accept(author=member, post=post, on=True)
    else:
        # What was written after it is in no mail that the link stood in.
        numbers = Ranges().add(1, post.number)
        actions.mark_read(user=member, thread=post.thread, numbers=numbers)


def voice_of(member: User, post: Post) -> Organization | None:
    """In whose name the member reacts there: as the page would offer it first. Queries: 2 or 3."""
    pk = voice_in(member, post.thread.category)
    return voices_of(member).filter(pk=pk).first() if pk is not None else None
