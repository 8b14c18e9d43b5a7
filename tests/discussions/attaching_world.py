"""What the tests of attachments share."""

from pathlib import Path

from forum.discussions import actions
from forum.discussions.actions import attaching
from forum.discussions.actions.attaching import Enclosed
from forum.lib.uploads import Accepted
from tests.factories import a_waiting_picture


def unsent(member, place, name="a.pdf", content=b"%PDF", kind="pdf", **fields):
    """A file that waits in a text of the member, not judged."""
    file = Accepted(kind, name, content, **fields)
    return attaching.upload(uploader=member, context=context(place), file=file)


def picture(member, place):
    return a_waiting_picture(member, context(place))


def context(place):
    return f"{place._meta.model_name}-{place.pk}"


def enclosed(*attach, detach=(), **alts):
    return Enclosed(
        attach=frozenset(each.key for each in attach),
        detach=frozenset(each.key for each in detach),
        **alts,
    )


def a_reply_with(member, thread, *attach, body="Proszę, w załączniku.", **fields):
    return actions.reply(
        author=member,
        voice=None,
        thread=thread,
        body=body,
        body_format="markdown",
        enclosed=enclosed(*attach),
        **fields,
    )


def edit(member, post, what, body=None):
    return actions.edit(
        author=member,
        post=post,
        body=body or post.source,
        body_format=post.source_format,
        enclosed=what,
    )


def is_on_disk(attached):
    return Path(attached.file.path).exists()
