"""Fills django-machina: python -m bench.peers.inside.machina_seed <texts> <where addresses go>"""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.models import AnonymousUser, User  # noqa: E402  # models need the registry
from haystack import connections  # noqa: E402
from machina.apps.forum.models import Forum  # noqa: E402
from machina.apps.forum_conversation.models import Post, Topic  # noqa: E402
from machina.apps.forum_member.models import ForumProfile  # noqa: E402
from machina.apps.forum_permission.shortcuts import assign_perm  # noqa: E402
from machina.models import fields  # noqa: E402
from whoosh.writing import AsyncWriter  # noqa: E402

from bench.peers import conversations as shape  # noqa: E402
from bench.peers.inside.seeding import form, in_batches, log_in, reply_text, tell  # noqa: E402
from bench.peers.peer import MEMBERS  # noqa: E402

READING = ("can_see_forum", "can_read_forum")


def main(texts: shape.Texts, addresses: Path) -> None:
    _keep_the_times_that_are_given()
    people = [
        User.objects.create(username=shape.name_of(each), email=f"{each}@example.org")
        for each in range(shape.PEOPLE)
    ]
    forum = Forum.objects.create(name="Próba obciążenia", type=Forum.FORUM_POST)
    for permission in READING:
        assign_perm(permission, AnonymousUser(), forum)
    topics = {
        talk.number: _write(talk, forum, people, texts) for talk in shape.conversations(texts)
    }
    for person in people:
        count = Post.objects.filter(poster=person).count()
        ForumProfile.objects.update_or_create(user=person, defaults={"posts_count": count})
    forum.refresh_from_db()
    forum.update_trackers()
    index()
    _tell(addresses, texts, topics, forum, people)


def _keep_the_times_that_are_given() -> None:
    """Rows that are written get the time of writing; texts are the same again and again."""
    for model in (Post, Topic):
        model._meta.get_field("created").auto_now_add = False
        model._meta.get_field("updated").auto_now = False
    fields.render_func = cache(fields.render_func)


def index() -> None:
    """Everything into the index, as `rebuild_index` does.

    That asks for the topic, the forum and the member of each post, one by one, looks for an older
    version of each, and puts the parts of the index together a hundred times: hours.
    """
    backend = connections["default"].get_backend()
    backend.clear()
    AsyncWriter.update_document = AsyncWriter.add_document  # there is nothing older
    posts = Post.objects.order_by("pk").select_related("topic__forum", "poster")
    found = connections["default"].get_unified_index().get_index(Post)
    backend.update(found, list(posts))


def _write(talk: shape.Conversation, forum: Forum, people: list[Any], texts: shape.Texts) -> Topic:
    topic = Topic(
        forum=forum,
        poster=people[talk.posts[0].author],
        subject=talk.title,
        type=Topic.TOPIC_POST,
        status=Topic.TOPIC_UNLOCKED,
        approved=True,
        posts_count=len(talk.posts),
        created=talk.posts[0].at,
        updated=talk.posts[-1].at,
        last_post_on=talk.posts[-1].at,
    )
    topic.save()
    in_batches(_posts(talk, topic, people, texts), Post.objects.bulk_create)
    pks = Post.objects.filter(topic=topic).order_by("created").values_list("pk", flat=True)
    Topic.objects.filter(pk=topic.pk).update(
        first_post=pks.first(), last_post=pks.reverse().first()
    )
    return topic


def _posts(
    talk: shape.Conversation, topic: Topic, people: list[Any], texts: shape.Texts
) -> Iterator[Post]:
    for post in talk.posts:
        yield Post(
            topic=topic,
            poster=people[post.author],
            subject=talk.title,
            content=texts.sources[post.text],
            approved=True,
            created=post.at,
            updated=post.at,
        )


def _tell(
    addresses: Path,
    texts: shape.Texts,
    topics: dict[int, Topic],
    forum: Forum,
    people: list[Any],
) -> None:
    home = f"/forum/{forum.slug}-{forum.pk}"
    paths = {number: f"{home}/topic/{topic.slug}-{topic.pk}/" for number, topic in topics.items()}
    cookies = [log_in(person) for person in people[:MEMBERS]]
    tell(
        addresses,
        thread=paths[1],
        threads=[paths[number] for number in shape.read_threads()[1:]],
        last_page=f"{paths[shape.THREADS]}?page={shape.LARGEST // 20}",
        category=f"{home}/",
        search=f"/search/?q={shape.WORD}",
        members=cookies,
        replies=[
            form(
                f"{paths[number]}post/create/",
                cookies[number % MEMBERS],
                subject=topics[number].subject,
                content=reply_text(texts, number),
            )
            for number in shape.written_threads()
        ],
        post_mark='class="post-content"',
    )


if __name__ == "__main__":
    main(shape.Texts.read(Path(sys.argv[1])), Path(sys.argv[2]))
