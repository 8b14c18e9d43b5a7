"""Things that tests need, made by the same actions that members use."""

from itertools import count

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.actions import attaching
from forum.discussions.models import Attachment, Post, Reaction, Thread
from forum.lib.uploads import Accepted, judge
from tests.samples import a_picture, sent

_numbers = count(1)


def a_category(name: str = "", **fields: object) -> Category:
    return Category.objects.create(name=name or f"Dział {next(_numbers)}", **fields)


def a_thread(
    author: User,
    category: Category | None = None,
    *,
    title: str = "Lokal na spotkania",
    body: str = "Kto chce współdzielić salę?",
    voice: Organization | None = None,
    template: str = "",
    filled: dict[str, str] | None = None,
) -> Thread:
    return actions.start_thread(
        author=author,
        voice=voice,
        category=category or a_category(),
        title=title,
        body=body,
        body_format="markdown",
        template=template,
        filled=filled,
    )


def a_reply(
    author: User,
    thread: Thread,
    body: str = "Chętnie we wtorki.",
    *,
    parent: Post | None = None,
    voice: Organization | None = None,
) -> Post:
    return actions.reply(
        author=author,
        voice=voice,
        thread=thread,
        body=body,
        body_format="markdown",
        parent=parent,
    )


def an_attachment(
    author: User, post: Post, *, name: str = "regulamin.pdf", content: bytes = b"%PDF-1.4"
) -> Attachment:
    """A file of a post, attached by an edit; what is in it was not judged."""
    file = Accepted("pdf", name, content, has_text=True)
    kept = attaching.upload(uploader=author, context=f"post-{post.pk}", file=file)
    enclosed = attaching.Enclosed(attach=frozenset([kept.key]))
    actions.edit(
        author=author,
        post=post,
        body=post.source,
        body_format=post.source_format,
        enclosed=enclosed,
    )
    return Attachment.objects.get(key=kept.key)


def a_waiting_picture(author: User, context: str) -> Attachment:
    """A picture attached to a text that is not sent yet."""
    judged = judge(sent("plan.png", a_picture()), 1_000_000)
    assert isinstance(judged, Accepted)
    return attaching.upload(uploader=author, context=context, file=judged)


def opening_post(thread: Thread) -> Post:
    return thread.posts.get(number=1)


def a_reaction(author: User, post: Post, *, voice: Organization | None = None) -> Post:
    return actions.react(author=author, voice=voice, post=post, kind=Reaction.Kind.THANK, on=True)
