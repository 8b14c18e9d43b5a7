"""After any splits, merges and replies trees and times equal a slow, obvious model."""

import random

import pytest

from forum.discussions import actions
from forum.discussions.models import Post
from tests.discussions.moving_world import assert_branch_counts, fresh, split
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


class Model:
    """Threads as lists of [name, parent name], in time; `None` where a post went away."""

    def __init__(self):
        self.threads = {}

    def tree(self, key):
        rows = [row for row in self.threads[key] if row is not None]

        def below(parent):
            for name, above in rows:
                if above == parent:
                    yield name
                    yield from below(name)

        return list(below(None))

    def branch(self, key, name):
        names = {name}
        for row in self.threads[key]:
            if row is not None and row[1] in names:
                names.add(row[0])
        return names

    def move(self, key, names, target):
        moved = [row for row in self.threads[key] if row is not None and row[0] in names]
        self.threads[key] = [
            None if row is not None and row[0] in names else row for row in self.threads[key]
        ]
        rows = self.threads.setdefault(target, [])
        for name, above in moved:
            first = rows[0][0] if rows and rows[0] is not None else None
            rows.append([name, above if above in names and above != first else None])


def orders(thread):
    posts = thread.posts.exclude(state=Post.State.MOVED)
    return (
        [int(s) for s in posts.order_by("path").values_list("source", flat=True)],
        [int(s) for s in posts.order_by("number").values_list("source", flat=True)],
    )


@pytest.mark.parametrize("seed", range(6))
def test_trees_and_times_equal_a_slow_model(carol, bob, seed):
    dice, model, category, count = random.Random(seed), Model(), a_category(), 0
    threads = {}
    for _ in range(60):
        deed = dice.choice(["start", "reply", "reply", "reply", "reply", "split", "merge"])
        key = dice.choice(sorted(threads)) if threads else None
        if deed == "start" or key is None:
            thread = a_thread(bob, category, body=str(count))
            threads[thread.pk], model.threads[thread.pk] = thread, [[count, None]]
            count += 1
            continue
        names = [row[0] for row in model.threads[key] if row is not None]
        name = dice.choice(names)
        post = Post.objects.get(source=str(name))
        assert post.thread_id == key
        if deed == "reply":
            a_reply(bob, fresh(threads[key]), str(count), parent=post)
            above = None if post.number == 1 else name
            model.threads[key].append([count, above])
            count += 1
        elif deed == "split" and post.number > 1:
            new = split(carol, threads[key], post.number)
            threads[new.pk] = new
            model.move(key, model.branch(key, name), new.pk)
        elif deed == "merge" and len(threads) > 1:
            target = dice.choice([pk for pk in sorted(threads) if pk != key])
            actions.merge(staff=carol, thread=threads.pop(key), into=threads[target])
            model.move(key, set(names), target)
    assert_agrees(threads, model)


def assert_agrees(threads, model):
    for key in threads:
        thread = fresh(threads[key])
        rows = [row[0] for row in model.threads[key] if row is not None]
        assert orders(thread) == (model.tree(key), rows)
        numbers = list(thread.posts.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, thread.last_number + 1))
        assert thread.replies_count == len(rows) - 1
        assert_branch_counts(thread)
    stubs = Post.objects.filter(state=Post.State.MOVED)
    assert not stubs.filter(moved_to__state=Post.State.MOVED).exists()
