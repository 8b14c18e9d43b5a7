"""Keeping the index of the search in step with posts and their files.

Locks: none, the caller holds the thread.
"""

from collections.abc import Collection, Iterable

from forum.discussions.actions.reading_files import read_file
from forum.discussions.models import Attachment, Post, Thread
from forum.discussions.searching import FILE, POST, words_of_new
from forum.lib.document_text import READER
from forum.search import actions as search


def find_anew(posts: Collection[int]) -> None:
    """These posts and their files are found by what they say now; what does not stand is not found
    any more.

    Queries: three or four, more where there are files.
    """
    found = search.index(POST, posts)
    # Of a post that does not stand it is not known here whether it has files.
    bare = {words.pk for words in found if not words.has_files}
    _find_files_anew(set(posts) - bare)


def find_new(post: Post) -> None:
    """A post that was written just now is found; `find_anew` once it has files.

    Queries: two; one or two more where somebody is mentioned, and where the text is long.
    """
    search.index_words(POST, [words_of_new(post)])


def find_no_more(files: Iterable[int]) -> None:
    """These files are gone. Queries: one, none for nothing."""
    search.forget(FILE, list(files))


def find_title_anew(thread: Thread) -> None:
    """The thread is found by its title of now, which is its opening post's. Queries: four."""
    find_anew(list(thread.posts.filter(number=1).values_list("pk", flat=True)))


def find_in_category(thread: Thread) -> None:
    """What is in it is found by whoever reads its category of now. Queries: two."""
    search.move(POST, thread.pk, category=thread.category_id)
    search.move(FILE, thread.pk, category=thread.category_id)


def find_in(thread: Thread, posts: Collection[int]) -> None:
    """These posts stand in this thread now, and so in its category.

    Queries: a few, one in 1,000 posts.
    """
    search.carry(POST, posts, place=thread.pk, category=thread.category_id)
    files = Attachment.objects.documents().filter(post__thread=thread)
    keys = list(files.values_list("pk", flat=True))
    search.carry(FILE, keys, place=thread.pk, category=thread.category_id)
    openings = thread.posts.filter(pk__in=posts, number=1).values_list("pk", flat=True)
    # The opening post of the thread they came from was found by its title, the accepted answer as
    # one: both may be neither here.
    find_anew({*openings, *search.leading(POST, posts)})


def _find_files_anew(posts: Collection[int]) -> None:
    if not posts:
        return
    files = Attachment.objects.documents().filter(post__in=posts)
    found = search.index(FILE, list(files.values_list("pk", flat=True)))
    unread = files.unread().filter(pk__in=[words.pk for words in found]) if found else files.none()
    for pk in unread.order_by("pk").values_list("pk", flat=True):
        # Once for each reader: a file that killed its workers is not sent to them again.
        read_file.using(unique_key=f"{read_file.kind}@{pk}@{READER}").enqueue(pk)
