"""Fills Spirit: python -m bench.peers.inside.spirit_seed <texts> <where the addresses go>"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  # models need the registry
from spirit.category.models import Category  # noqa: E402
from spirit.comment.models import Comment  # noqa: E402
from spirit.core.utils.markdown import Markdown  # noqa: E402
from spirit.topic.models import Topic  # noqa: E402
from spirit.user.models import UserProfile  # noqa: E402

from bench.peers import conversations as shape  # noqa: E402
from bench.peers.inside.seeding import form, in_batches, log_in, reply_text, tell  # noqa: E402
from bench.peers.peer import MEMBERS  # noqa: E402


def main(texts: shape.Texts, addresses: Path) -> None:
    people = [
        get_user_model().objects.create(username=shape.name_of(each), email=f"{each}@example.org")
        for each in range(shape.PEOPLE)
    ]
    category = Category.objects.create(title="Próba obciążenia")
    html = [Markdown().render(source) for source in texts.sources]
    topics: dict[int, Topic] = {}
    for talk in shape.conversations(texts):
        topics[talk.number] = Topic.objects.create(
            user=people[talk.posts[0].author],
            category=category,
            title=talk.title,
            date=talk.posts[0].at,
            last_active=talk.posts[-1].at,
            comment_count=len(talk.posts),
        )
        rows = _comments(talk, topics[talk.number], people, texts, html)
        in_batches(rows, Comment.objects.bulk_create)
    for person in people:
        count = Comment.objects.filter(user=person).count()
        UserProfile.objects.filter(user=person).update(comment_count=count)
    _tell(addresses, texts, topics, category, people)


def _comments(
    talk: shape.Conversation, topic: Topic, people: list[Any], texts: shape.Texts, html: list[str]
) -> Iterator[Comment]:
    for post in talk.posts:
        yield Comment(
            user=people[post.author],
            topic=topic,
            comment=texts.sources[post.text],
            comment_html=html[post.text],
            date=post.at,
        )


def _tell(
    addresses: Path,
    texts: shape.Texts,
    topics: dict[int, Topic],
    category: Category,
    people: list[Any],
) -> None:
    cookies = [log_in(person) for person in people[:MEMBERS]]
    read = [topics[number].get_absolute_url() for number in shape.read_threads()]
    tell(
        addresses,
        thread=read[0],
        threads=read[1:],
        last_page=f"{topics[shape.THREADS].get_absolute_url()}?page={shape.LARGEST // 20}",
        category=category.get_absolute_url(),
        search=f"/search/?q={shape.WORD}",
        members=cookies,
        replies=[
            form(
                f"/comment/{topics[number].pk}/publish/",
                cookies[number % MEMBERS],
                comment=reply_text(texts, number),
            )
            for number in shape.written_threads()
        ],
        post_mark='data-pk="\\d+"',
    )


if __name__ == "__main__":
    main(shape.Texts.read(Path(sys.argv[1])), Path(sys.argv[2]))
