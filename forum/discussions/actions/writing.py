"""How a text becomes a post: at once, or when a moderator has read it. Nobody is asked here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.discussions.actions.indexing import find_anew, find_new
from forum.discussions.actions.informing import tell_of_edit, tell_of_reply, tell_of_thread
from forum.discussions.actions.noting import note_mentions
from forum.discussions.actions.reading import read_own
from forum.discussions.actions.reviewed import tell_moderators
from forum.discussions.knowing import Known
from forum.discussions.live import Telling, stream_of, telling_of_post, telling_of_row
from forum.discussions.mentioning import Words
from forum.discussions.models import Post, Revision, Thread
from forum.discussions.templates_of_threads import searched_words
from forum.lib.folding import fingerprint
from forum.lib.languages import guess_language
from forum.lib.markup import plain_text
from forum.lib.paths import MAX_DEPTH, parent_path, segment
from forum.lib.prepared import PreparedWrite, updating
from forum.lib.prepared_insert import PreparedInsert
from forum.live.announcing import announce

_POST = PreparedInsert(Post)
_LISTED_ANEW = PreparedWrite(
    lambda has_official_answer, pk, before, seq, number, post, at, listing_seq: updating(
        Thread.objects.filter(pk=pk, seq=before),
        seq=seq,
        last_number=number,
        last_post=post,
        last_post_at=at,
        listing_seq=listing_seq,
        has_official_answer=has_official_answer,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text, whose it is, and what its form said of it beside."""

    author: User
    voice: Organization | None
    words: Words
    body_format: str
    once: UUID | None = None
    template: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)
    is_about_office: bool = False

    def as_post(self) -> Post:
        """The post, without its place."""
        return Post(
            author=self.author,
            organization=self.voice,
            source=self.words.source,
            source_format=self.body_format,
            html=self.words.html,
            language=guess_language(self.words.source, self.author.language),
            once=self.once,
            template=self.template,
            filled=dict(self.filled),
            is_about_office=self.is_about_office,
        )


def write_thread(category: Category, title: str, said: Said) -> Post:
    """The opening post of a new thread. Locks: the caller holds the category's row."""
    listing_seq = category.take_seq()
    now = timezone.now()
    thread = Thread.objects.create(
        category=category,
        title=title,
        language=guess_language(f"{title} {said.words.source}", said.author.language),
        template=said.template,
        author=said.author,
        organization=said.voice,
        created_at=now,
        last_post_at=now,
        seq=1,
        last_number=1,
        listing_seq=listing_seq,
    )
    post = said.as_post()
    post.thread, post.number, post.path, post.seq, post.created_at = thread, 1, segment(1), 1, now
    _POST.write(post)
    note_mentions(post, said.words.called, is_new=True)
    Thread.objects.filter(pk=thread.pk).update(last_post=post)
    Category.objects.filter(pk=category.pk).update(threads_count=F("threads_count") + 1)
    read_own(user=said.author, thread=thread, number=1)
    find_new(post)
    tell_of_thread(post)
    announce(stream_of(category), listing_seq, telling_of_row(thread.pk, category.pk))
    return post


def write_reply(
    thread: Thread,
    said: Said,
    parent: Post | None,
    known: Known | None = None,
    *,
    is_bare: bool = False,
) -> Post:
    """The reply behind all others. It `is_bare` where nothing will be attached to it.

    What is not known of its author is asked.

    Raises: RuntimeError where the caller did not read the thread with its lock.
    Locks: the caller holds the thread; then its category's row.
    """
    post = said.as_post()
    post.thread, post.seq = thread, thread.seq + 1
    _place(post, number=thread.last_number + 1, parent=parent)
    _POST.write(post)
    note_mentions(post, said.words.called, is_new=True)
    new = post if is_bare else None
    telling = Telling(post.pk, post.thread_id, head=True, new=new)
    post.told = telling.fragments
    # Ahead of all else that follows the commit: open pages wait for nothing but this.
    announce(stream_of(thread), post.seq, telling.fragments)
    listing_seq = _list_anew(thread, post)
    category_pk = thread.category_id
    announce(f"category.{category_pk}", listing_seq, lambda: telling.row(category_pk))
    read_before = known.read if known else None
    read_own(user=said.author, thread=thread, number=post.number, before=read_before)
    find_new(post)
    tell_of_reply(post, is_following=known is not None and known.is_following)
    return post


def write_edit(post: Post, said: Said) -> Post:
    """The post with its new text; what it said before goes to its history, where it was seen.

    Locks: the caller holds the thread's row; then those of its case.
    """
    now, html_before = timezone.now(), post.html
    is_changed = said.words.html not in (post.html, said.words.before) or post.filled != said.filled
    kept = _keep_revision(post, now) if is_changed else 0
    seq = post.thread.take_seq()
    Post.objects.filter(pk=post.pk).update(
        source=said.words.source,
        source_format=said.body_format,
        html=said.words.html,
        fingerprint=fingerprint(plain_text(said.words.html)),
        language=guess_language(said.words.source, said.author.language),
        filled=dict(said.filled),
        filled_words=searched_words(post.template, said.filled),
        edited_at=now,
        revisions_count=F("revisions_count") + kept,
        seq=seq,
    )
    note_mentions(post, said.words.called)
    post.refresh_from_db()
    find_anew([post.pk])
    tell_of_edit(post, said.words.called, html_before)
    tell_moderators(post)
    # The head of the thread quotes what the office says.
    is_quoted = post.is_official
    announce(
        stream_of(post.thread),
        seq,
        telling_of_post(post.pk, post.thread_id, head=is_quoted),
    )
    return post


def mark_about_office(post: Post, *, is_about_office: bool) -> None:
    """Keep what its author says of it. No reader is shown it, so nothing changes for them."""
    if post.is_about_office != is_about_office:
        Post.objects.filter(pk=post.pk).update(is_about_office=is_about_office)
        post.is_about_office = is_about_office


def _keep_revision(post: Post, now: datetime) -> int:
    """How many revisions this left: one, or none where the text had only just been written."""
    written_at = post.edited_at or post.created_at
    if now - written_at < timedelta(seconds=settings.EDIT_GRACE_SECONDS):
        return 0
    Revision.objects.create(
        post=post,
        source=post.source,
        source_format=post.source_format,
        html=post.html,
        filled=post.filled,
        written_at=written_at,
        replaced_at=now,
    )
    return 1


def _place(post: Post, *, number: int, parent: Post | None) -> None:
    """Give the post its number and its place in the tree. Locks: the caller holds the thread."""
    post.number = number
    if parent is None or parent.number == 1:
        post.path = segment(number)
        return
    post.parent = parent
    post.depth = min(parent.depth + 1, MAX_DEPTH - 1)
    post.path = parent_path(parent.path, post.depth - 1) + segment(number)
    root = Post.objects.filter(thread=post.thread, path=post.root_path)
    root.update(branch_count=F("branch_count") + 1)


def _list_anew(thread: Thread, post: Post) -> int:
    """The category's new change number, written on the thread with the post's and with what its
    row shows."""
    listing_seq = Category(pk=thread.category_id).take_seq()
    written = _LISTED_ANEW.done(
        thread.has_official_answer or post.is_official,
        pk=thread.pk,
        before=thread.seq,
        seq=post.seq,
        number=post.number,
        post=post.pk,
        at=post.created_at,
        listing_seq=listing_seq,
    )
    if written != 1:
        raise RuntimeError("The thread was read without its lock: its number is another by now.")
    thread.seq, thread.last_number = post.seq, post.number
    thread.last_post, thread.last_post_at = post, post.created_at
    thread.has_official_answer |= post.is_official
    return listing_seq
