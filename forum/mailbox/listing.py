"""The pages of what a member sent by e-mail."""

from django.db.models import Q

from accounts.models import User
from forum.discussions.models import Draft, Post
from forum.lib.pages import Page, key_of, parse_key
from forum.mailbox.models import Inbound

PAGE_SIZE = 20  # mails


def page_of(member: User, before: str, address: str) -> Page[Inbound]:
    """The member's mails that came before the key, the last first. Queries: one."""
    mails = Inbound.objects.sent_by(member).defer("whole", "text")
    key = parse_key(before)
    if key is not None:
        moment, pk = key
        mails = mails.filter(
            Q(received_at__lt=moment) | Q(received_at=moment, pk__lt=pk), received_at__lte=moment
        )
    found = list(mails.order_by("-received_at", "-pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    later = ""
    if len(found) > PAGE_SIZE:
        later = f"{address}?before={key_of(shown[-1].received_at, shown[-1].pk)}"
    return Page(shown, later_url=later, first_url=address if key else "")


def post_of(mail: Inbound) -> Post | None:
    """The post that the mail became, where its writer may still read it. Queries: 0 or 1."""
    if mail.post_id is None:
        return None
    posts = Post.objects.readable_by(mail.member).select_related("thread")
    return posts.filter(pk=mail.post_id).first()


def draft_of(mail: Inbound) -> Draft | None:
    """The draft that its text waits in, unless it was sent or discarded. Queries: 0 or 1."""
    if not mail.draft_context:
        return None
    return Draft.objects.filter(user=mail.member_id, context=mail.draft_context).first()
