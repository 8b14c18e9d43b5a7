"""Builds the conversations of the demo county, consistent with what the actions would leave."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.discussions.actions.noting import note_mentions
from forum.discussions.mentioning import words_for
from forum.discussions.models import Attachment, Post, Reaction, Thread
from forum.discussions.quoting import by_line
from forum.discussions.templates_of_threads import TEMPLATES, Kind
from forum.lib.markup import as_markdown, render
from forum.lib.paths import segment
from forum.lib.quoting import quotation
from forum_site.demo.county import OFFICE, County
from forum_site.demo.papers import attachment
from forum_site.demo.reading import WrittenPost, WrittenThread, written_threads
from forum_site.demo.telling import tell_of
from forum_site.demo.times import day, moment, office_shift

REACTION_EVERY = timedelta(minutes=17)
BATCH_ROWS = 200


@dataclass(slots=True)
class Conversation:
    """One thread to be saved, with its posts and reactions, and when which post changed."""

    thread: Thread
    posts: list[Post] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    attachments: list[tuple[Post, Attachment]] = field(default_factory=list)
    changes: list[tuple[datetime, Post]] = field(default_factory=list)
    quotes: list[tuple[Post, Post]] = field(default_factory=list)  # who quotes, and what
    called: list[tuple[Post, tuple[str, ...]]] = field(default_factory=list)  # by "@"


def build_talk(county: County, now: datetime) -> None:
    """Add the threads that are missing (by title and author), with all their posts.

    Locks: none, the caller holds the transaction.
    """
    there = set(Thread.objects.values_list("title", "author"))
    missing = [
        written
        for written in written_threads()
        if (written.title, county.people[written.posts[0].person].pk) not in there
    ]
    conversations = [_conversation(written, county, now) for written in missing]
    _number_listings(conversations)
    _save(conversations)
    _remember_voices(conversations)
    tell_of([post for conversation in conversations for post in conversation.posts], now)


def _conversation(written: WrittenThread, county: County, now: datetime) -> Conversation:
    opening = written.posts[0]
    shift_days = office_shift(written.posts, OFFICE, now)
    thread = Thread(
        category=county.categories[written.category],
        title=written.title,
        template=written.template,
        author=county.people[opening.person],
        organization=_organization(county, opening.organization),
        created_at=moment(opening.when, now, shift_days),
        last_number=len(written.posts),
    )
    conversation = Conversation(thread)
    for post in written.posts:
        _add(conversation, post, county, moment(post.when, now, shift_days))
    conversation.posts[0].template = written.template
    conversation.posts[0].filled = _filled(written, now)
    for post, row in zip(written.posts, conversation.posts, strict=True):
        _react(conversation, post, row, county, now)
    _count_branches(conversation.posts)
    _number_changes(conversation)
    return conversation


def _filled(written: WrittenThread, now: datetime) -> dict[str, str]:
    if not written.template:
        return {}
    days = {f.key for f in TEMPLATES[written.template].fields if f.kind is Kind.DATE}
    return {
        key: day(value, now).isoformat() if key in days else value
        for key, value in written.filled.items()
    }


def _organization(county: County, key: str) -> Organization | None:
    return county.organizations[key] if key else None


def _add(
    conversation: Conversation, written: WrittenPost, county: County, created_at: datetime
) -> None:
    parent = conversation.posts[written.parent - 1] if written.parent else None
    edited_at = _later(created_at, written.edited_after)
    withdrawn_at = _later(created_at, written.withdrawn_after)
    post = Post(
        thread=conversation.thread,
        number=written.number,
        parent=parent,
        path=(parent.path if parent else "") + segment(written.number),
        depth=parent.depth + 1 if parent else 0,
        author=county.people[written.person],
        organization=_organization(county, written.organization),
        source=written.body,
        source_format=Post.Format.MARKDOWN,
        html=render(written.body, Post.Format.MARKDOWN),
        state=Post.State.WITHDRAWN if withdrawn_at else Post.State.PUBLISHED,
        created_at=created_at,
        edited_at=edited_at,
    )
    conversation.posts.append(post)
    if written.quotes:
        conversation.quotes.append((post, conversation.posts[written.quotes - 1]))
    conversation.attachments += [(post, attachment(key, post)) for key in written.attached]
    conversation.changes += [(when, post) for when in (created_at, edited_at, withdrawn_at) if when]
    thread = conversation.thread
    thread.last_post_at = created_at
    thread.has_official_answer |= post.is_official and post.number > 1


def _later(moment_: datetime, minutes: int) -> datetime | None:
    return moment_ + timedelta(minutes=minutes) if minutes else None


def _react(
    conversation: Conversation, written: WrittenPost, post: Post, county: County, now: datetime
) -> None:
    for place, reaction in enumerate(written.reactions, start=1):
        when = min(post.created_at + place * REACTION_EVERY, now)
        conversation.changes.append((when, post))
        conversation.reactions.append(
            Reaction(
                post=post,
                user=county.people[reaction.person],
                organization=_organization(county, reaction.organization),
                kind=reaction.kind,
                created_at=when,
            )
        )


def _count_branches(posts: list[Post]) -> None:
    roots = {post.path: post for post in posts if post.depth == 0}
    for post in posts:
        if post.depth:
            roots[post.root_path].branch_count += 1


def _number_changes(conversation: Conversation) -> None:
    """Give every post the number of its last change, as if each had been written live."""
    conversation.changes.sort(key=lambda change: (change[0], change[1].number))
    for seq, (_when, post) in enumerate(conversation.changes, start=1):
        post.seq = seq
    conversation.thread.seq = len(conversation.changes)


def _number_listings(conversations: list[Conversation]) -> None:
    """Every post moved its thread in the category's list once, in the order of time."""
    shown = [
        (post.created_at, conversation.thread)
        for conversation in conversations
        for post in conversation.posts
    ]
    shown.sort(key=lambda change: change[0])
    taken: Counter[Category] = Counter()
    for _when, thread in shown:
        taken[thread.category] += 1
        thread.listing_seq = thread.category.seq + taken[thread.category]
    started = Counter(conversation.thread.category for conversation in conversations)
    for category, changes in taken.items():
        Category.objects.filter(pk=category.pk).update(
            seq=F("seq") + changes, threads_count=F("threads_count") + started[category]
        )


def _save(conversations: list[Conversation]) -> None:
    threads = [conversation.thread for conversation in conversations]
    Thread.objects.bulk_create(threads, batch_size=BATCH_ROWS)
    for conversation in conversations:
        _quote_and_mention(conversation)
    posts = [post for conversation in conversations for post in conversation.posts]
    for depth in sorted({post.depth for post in posts}):  # a parent's pk is needed first
        Post.objects.bulk_create(
            [post for post in posts if post.depth == depth], batch_size=BATCH_ROWS
        )
    Reaction.objects.bulk_create(
        [reaction for conversation in conversations for reaction in conversation.reactions],
        batch_size=BATCH_ROWS,
    )
    attachments = [each for conversation in conversations for each in conversation.attachments]
    for post, attached in attachments:
        attached.context = f"thread-{post.thread_id}"
    Attachment.objects.bulk_create(attached for _post, attached in attachments)
    for conversation in conversations:
        for post, called in conversation.called:
            note_mentions(post, called)
        conversation.thread.last_post = conversation.posts[-1]
    Thread.objects.bulk_update(threads, ["last_post"], batch_size=BATCH_ROWS)


def _quote_and_mention(conversation: Conversation) -> None:
    """Texts as the forms would have made them; the thread has its address by now."""
    for post, quoted in conversation.quotes:
        place = reverse("discussions:place", args=[conversation.thread.pk, quoted.number])
        url = settings.SITE_URL + place
        quote = quotation(quoted.html, by_line(quoted), url)
        post.source = f"{as_markdown(quote, 'html')}\n\n{post.source}"
        post.html = render(post.source, post.source_format)
    for post in conversation.posts:
        words = words_for(conversation.thread.category, post.source, post.source_format)
        post.source, post.html = words.source, words.html
        if words.called:
            conversation.called.append((post, words.called))


def _remember_voices(conversations: list[Conversation]) -> None:
    """The composer offers the voice used last; what a member chose since then stays."""
    posts = [post for conversation in conversations for post in conversation.posts]
    posts.sort(key=lambda post: post.created_at)
    last = {post.author: post.organization for post in posts}
    speakers = [user for user, voice in last.items() if voice and user.last_voice is None]
    for user in speakers:
        user.last_voice = last[user]
    User.objects.bulk_update(speakers, ["last_voice"], batch_size=BATCH_ROWS)
