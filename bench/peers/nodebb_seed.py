"""Fills NodeBB's tables on PostgreSQL: objects (hashes) and sorted sets, as its actions leave them.

Source: NodeBB's src/topics/create.js, src/posts/create.js, src/topics/posts.js, src/user/posts.js,
src/categories/recentreplies.js, and the tables of src/database/postgres.js.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from bench.peers import conversations as shape

FIRST = 2  # the setup has written a topic and a post with the number 1
ASCII = str.maketrans("ąćęłńóśźż", "acelnoszz")


@dataclass(slots=True)
class Rows:
    """What is written: objects by key, members of sorted sets by key and value."""

    hashes: dict[str, dict[str, Any]] = field(default_factory=dict)
    sets: dict[tuple[str, str], int] = field(default_factory=dict)
    search: dict[str, list[tuple[str, str, str, str]]] = field(
        default_factory=lambda: {"searchtopic": [], "searchpost": []}
    )

    def add(self, keys: Iterable[str], score: int, value: int) -> None:
        for key in keys:
            self.sets[key, str(value)] = score


def fill(address: str, texts: shape.Texts, uids: list[int], cid: int) -> dict[str, Any]:
    """Write every thread; the tid and slug of each in order, and the category's slug."""
    topics: list[tuple[int, str]] = []
    written: Counter[int] = Counter()
    with psycopg.connect(address) as connection:
        number_of_posts = FIRST - 1
        for talk in shape.conversations(texts):
            rows = Rows()
            topics.append(_add_topic(rows, talk, texts, uids, cid))
            written.update(uids[post.author] for post in talk.posts)
            number_of_posts += len(talk.posts)
            _write(connection, rows)
        _count(connection, written, cid, len(topics) + FIRST - 1, number_of_posts)
        row = connection.execute(
            """SELECT "data"->>'slug' FROM "legacy_hash" WHERE "_key" = %s""", [f"category:{cid}"]
        ).fetchone()
        assert row
    return {"topics": topics, "category": row[0]}


def _add_topic(
    rows: Rows, talk: shape.Conversation, texts: shape.Texts, uids: list[int], cid: int
) -> tuple[int, str]:
    tid = talk.number + FIRST - 1
    slug = f"{tid}/{_slug(talk.title)}"
    first, last = talk.posts[0], talk.posts[-1]
    uid = uids[first.author]
    writers = Counter(uids[post.author] for post in talk.posts)
    rows.hashes[f"topic:{tid}"] = {
        "tid": tid,
        "uid": uid,
        "cid": cid,
        "title": talk.title,
        "slug": slug,
        "mainPid": first.number + FIRST - 1,
        "teaserPid": last.number + FIRST - 1,
        "timestamp": _ms(first.at),
        "lastposttime": _ms(last.at),
        "postcount": len(talk.posts),
        "postercount": len(writers),
        "viewcount": 0,
    }
    begun = ("topics:tid", f"cid:{cid}:tids:create", f"cid:{cid}:uid:{uid}:tids")
    rows.add([*begun, f"uid:{uid}:topics"], _ms(first.at), tid)
    latest = ("topics:recent", f"cid:{cid}:tids", f"cid:{cid}:tids:lastposttime")
    rows.add([*latest, f"cid:{cid}:recent_tids"], _ms(last.at), tid)
    rows.add(["topics:posts", f"cid:{cid}:tids:posts"], len(talk.posts), tid)
    zero = ("topics:views", "topics:votes", f"cid:{cid}:tids:votes", f"cid:{cid}:tids:views")
    rows.add(zero, 0, tid)
    for writer, count in writers.items():
        rows.add([f"tid:{tid}:posters"], count, writer)
    for post in talk.posts:
        _add_post(rows, post, tid, uids[post.author], cid, texts.sources[post.text])
        if post is not first:
            pid = post.number + FIRST - 1
            rows.add([f"tid:{tid}:posts"], _ms(post.at), pid)
            rows.add([f"tid:{tid}:posts:votes"], 0, pid)
    rows.search["searchtopic"].append((str(tid), talk.title, str(uid), str(cid)))
    return tid, slug


def _add_post(rows: Rows, post: shape.Post, tid: int, uid: int, cid: int, content: str) -> None:
    pid = post.number + FIRST - 1
    rows.hashes[f"post:{pid}"] = {
        "pid": pid,
        "tid": tid,
        "uid": uid,
        "content": content,
        "timestamp": _ms(post.at),
    }
    keys = ("posts:pid", f"uid:{uid}:posts", f"cid:{cid}:pids", f"cid:{cid}:uid:{uid}:pids")
    rows.add(keys, _ms(post.at), pid)
    rows.search["searchpost"].append((str(pid), content, str(uid), str(cid)))


def _write(connection: psycopg.Connection[Any], rows: Rows) -> None:
    """One thread. Each key is an object of its kind first; rows refer to it."""
    keys = [(key, "hash") for key in rows.hashes]
    keys += [(key, "zset") for key in {key for key, _value in rows.sets}]
    with connection.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO "legacy_object" ("_key", "type") VALUES (%s, %s) ON CONFLICT DO NOTHING',
            keys,
        )
        with cursor.copy('COPY "legacy_hash" ("_key", "data") FROM STDIN') as copy:
            for key, data in rows.hashes.items():
                copy.write_row((key, json.dumps(data)))
        with cursor.copy('COPY "legacy_zset" ("_key", "value", "score") FROM STDIN') as copy:
            for (key, value), score in rows.sets.items():
                copy.write_row((key, value, score))
        for table, found in rows.search.items():
            columns = '"id", "content", "uid", "cid"'
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in found:
                    copy.write_row(row)


def _count(
    connection: psycopg.Connection[Any], written: Counter[int], cid: int, topics: int, posts: int
) -> None:
    """What its actions count one by one."""
    everywhere = {"nextTid": topics, "nextPid": posts, "topicCount": topics, "postCount": posts}
    _merge(connection, "global", everywhere)
    _merge(connection, f"category:{cid}", {"topic_count": topics, "post_count": posts})
    for uid, count in written.items():
        _merge(connection, f"user:{uid}", {"postcount": count})
        connection.execute(
            """UPDATE "legacy_zset" SET "score" = %s
               WHERE "_key" = 'users:postcount' AND "value" = %s""",
            [count, str(uid)],
        )


def _merge(connection: psycopg.Connection[Any], key: str, data: dict[str, int]) -> None:
    connection.execute(
        'UPDATE "legacy_hash" SET "data" = "data" || %s::jsonb WHERE "_key" = %s',
        [json.dumps(data), key],
    )


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _slug(title: str) -> str:
    return title.lower().translate(ASCII).replace(" ", "-")
