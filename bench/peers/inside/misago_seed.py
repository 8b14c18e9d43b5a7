"""Fills Misago: python -m bench.peers.inside.misago_seed <texts> <where the addresses go>"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.postgres.search import SearchVector  # noqa: E402
from misago.cache.versions import invalidate_all_caches  # noqa: E402
from misago.categories.models import Category  # noqa: E402
from misago.conf.models import Setting  # noqa: E402
from misago.core.utils import slugify  # noqa: E402
from misago.threads.checksums import update_post_checksum  # noqa: E402
from misago.threads.models import Post, Thread  # noqa: E402
from misago.users.test import create_test_user  # noqa: E402

from bench.peers import conversations as shape  # noqa: E402
from bench.peers.inside.seeding import TOKEN, in_batches, log_in, reply_text, tell  # noqa: E402
from bench.peers.peer import MEMBERS  # noqa: E402

CATEGORY = "first-category"  # there from the start, open to everybody
SETTINGS = {"posts_per_page": 20, "posts_per_page_orphans": 0, "threads_per_page": 20}


def main(texts: shape.Texts, addresses: Path) -> None:
    people = [
        create_test_user(shape.name_of(each), f"{each}@example.org") for each in range(shape.PEOPLE)
    ]
    for name, value in SETTINGS.items():
        setting = Setting.objects.get(setting=name)
        setting.value = value
        setting.save()
    category = Category.objects.get(slug=CATEGORY)
    threads = {
        talk.number: _write(talk, category, people, texts) for talk in shape.conversations(texts)
    }
    Post.objects.update(search_vector=SearchVector("search_document", config="simple"))
    category.synchronize()
    category.save()
    invalidate_all_caches()
    _tell(addresses, texts, threads, category, people)


def _write(
    talk: shape.Conversation, category: Category, people: list[Any], texts: shape.Texts
) -> Thread:
    first, last = talk.posts[0], talk.posts[-1]
    thread = Thread.objects.create(
        category=category,
        title=talk.title,
        slug=slugify(talk.title),
        started_on=first.at,
        last_post_on=last.at,
        starter_name=shape.name_of(first.author),
        starter_slug=shape.name_of(first.author),
    )
    in_batches(_posts(talk, thread, people, texts), _write_posts)
    thread.synchronize()
    thread.save()
    return thread


def _posts(
    talk: shape.Conversation, thread: Thread, people: list[Any], texts: shape.Texts
) -> Iterator[Post]:
    for post in talk.posts:
        source = texts.sources[post.text]
        row = Post(
            category=thread.category,
            thread=thread,
            poster=people[post.author],
            poster_name=shape.name_of(post.author),
            original=source,
            parsed="".join(f"<p>{part}</p>" for part in source.split("\n\n")),
            posted_on=post.at,
            updated_on=post.at,
        )
        row.set_search_document(thread.title if post is talk.posts[0] else None)
        yield row


def _write_posts(rows: list[Post]) -> None:
    Post.objects.bulk_create(rows)
    for row in rows:
        update_post_checksum(row)  # signs the key, which is known only now
    Post.objects.bulk_update(rows, ["checksum"])


def _tell(
    addresses: Path,
    texts: shape.Texts,
    threads: dict[int, Thread],
    category: Category,
    people: list[Any],
) -> None:
    cookies = [log_in(person) for person in people[:MEMBERS]]
    read = [threads[number].get_absolute_url() for number in shape.read_threads()]
    tell(
        addresses,
        thread=read[0],
        threads=read[1:],
        last_page=f"{threads[shape.THREADS].get_absolute_url()}{shape.LARGEST // 20}/",
        category=category.get_absolute_url(),
        search=f"/api/search/?q={shape.WORD}",
        members=cookies,
        replies=[
            _reply(threads[number].pk, cookies[number % MEMBERS], reply_text(texts, number))
            for number in shape.written_threads()
        ],
        post_mark='id="post-\\d+"',
    )


def _reply(pk: int, cookie: str, text: str) -> dict[str, Any]:
    headers = {"Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
    return {
        "path": f"/api/threads/{pk}/posts/",
        "headers": headers,
        "body": json.dumps({"post": text}),
    }


if __name__ == "__main__":
    main(shape.Texts.read(Path(sys.argv[1])), Path(sys.argv[2]))
