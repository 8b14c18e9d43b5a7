"""What mails of notifications offer: an address to answer to, and acts with one button.

Plugged into forum.notifications by apps.py; said in the language that is active.
"""

from collections.abc import Sequence

from django.utils.translation import get_language

from accounts.models import User
from forum.discussions import rules as discussions
from forum.discussions.models import Post, Thread
from forum.lib.mail_patterns import reply_above
from forum.mailbox import rules
from forum.mailbox.acts import Act, act_url
from forum.mailbox.addresses import reply_address
from forum.notifications.models import Event, Notification
from forum.notifications.plugs import MailAct, ReplyPlace

OFFERED = (Act.THANK, Act.SUPPORT, Act.READ)


def reply_place(member: User, place: str, about: str = "") -> ReplyPlace | None:
    """Where the member answers a mail about the place ("thread.42"), as far as they may.

    `about` names the one post that the mail tells of ("post.77"): the answer then stands below it.
    Queries: none for another place, or where no mails are taken; else about 3.
    """
    if not reply_address(member, Thread(pk=0)):
        return None
    pk = _pk_in(place, "thread")
    threads = Thread.objects.readable_by(member).select_related("category__parent")
    thread = threads.filter(pk=pk).first() if pk else None
    if thread is None or not discussions.may_reply(member, thread):
        return None
    post_pk = _pk_in(about, "post")
    named = Post(pk=post_pk) if post_pk else thread
    return ReplyPlace(reply_address(member, named), reply_above(get_language() or ""))


def mail_acts(member: User, notification: Notification, event: Event) -> Sequence[MailAct]:
    """What the member may do to the post that the mail tells of. Queries: none for other events."""
    pk = _pk_in(event.about, "post")
    posts = Post.objects.readable_by(member).select_related("thread__category__parent")
    post = posts.filter(pk=pk).first() if pk else None
    if post is None:
        return []
    acts = [act for act in OFFERED if rules.may_do(member, act, post)]
    if _waits_for_an_answer(member, post):
        acts.insert(0, Act.ACCEPT)
    return [MailAct(str(act.label), act_url(act, member, post)) for act in acts]


def _waits_for_an_answer(member: User, post: Post) -> bool:
    """Whether the member asked, nobody has answered yet, and this may be the answer."""
    is_open = post.thread.author_id == member.pk and post.thread.accepted_id is None
    is_by_another = post.author_id != member.pk
    return is_open and is_by_another and bool(rules.may_do(member, Act.ACCEPT, post))


def _pk_in(name: str, kind: str) -> int | None:
    """The key in a name such as "thread.42"."""
    found, _dot, pk = name.partition(".")
    return int(pk) if found == kind and pk.isascii() and pk.isdecimal() else None
