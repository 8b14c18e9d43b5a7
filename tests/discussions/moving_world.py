"""What the tests of moving posts share."""

from forum.discussions import actions
from forum.discussions.models import Post, Thread


def split(staff, thread, *numbers, title="Osobny wątek", category=None):
    return actions.split(
        staff=staff,
        thread=thread,
        numbers=numbers,
        title=title,
        category=category or thread.category,
    )


def fresh(thread):
    return Thread.objects.get(pk=thread.pk)


def at(thread, number):
    return thread.posts.get(number=number)


def assert_branch_counts(thread):
    for root in thread.posts.filter(depth=0):
        assert root.branch_count == Post.objects.below(root.path).filter(thread=thread).count()


def assert_dense(thread):
    thread = fresh(thread)
    numbers = list(thread.posts.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, thread.last_number + 1))
    seqs = list(thread.posts.values_list("seq", flat=True))
    assert len(set(seqs)) == len(seqs)
    assert max(seqs) <= thread.seq
