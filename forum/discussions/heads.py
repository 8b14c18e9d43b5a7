"""What stands at the top of a thread: its answer, and what the county office says in it."""

from dataclasses import dataclass, field

from django.db.models.functions import Substr

from forum.discussions.mentioning import plain_texts
from forum.discussions.models import Post, PostQuerySet, Thread
from forum.lib.prepared import Prepared

POSITIONS_SHOWN = 5
MERGED_SHOWN = 5  # of the threads merged into one
READ_CHARS = 600  # of a post's HTML, from which its first words are taken
EXCERPT_WORDS = 18


@dataclass(frozen=True, slots=True)
class Position:
    """One post in the office's voice, with its first words."""

    post: Post
    words: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a thread shows beside the thread's own fields."""

    accepted: Post | None = None
    positions: list[Position] = field(default_factory=list)
    positions_left: int = 0
    origins: list[Thread] = field(default_factory=list)
    merged: list[Thread] = field(default_factory=list)


def head_of(thread: Thread) -> Head:
    """The head of the thread.

    Queries: one where it was split off, one where threads were merged into it, one where an
    answer is chosen, one or two where the office answered.
    """
    positions, left = _positions(thread) if thread.has_official_answer else ([], 0)
    return Head(_accepted(thread), positions, left, *_origins(thread))


def _origins(thread: Thread) -> tuple[list[Thread], list[Thread]]:
    """The thread it was split off from, and the last of those merged into it.

    The head is the same for every reader: it names no thread that some of them may not know.
    """
    known = Thread.objects.select_related("category__parent").only(
        "title", "category__readers", "category__parent__readers"
    )
    sources: list[Thread] = []
    merged: list[Thread] = []
    if thread.split_from_id is not None:
        sources = list(known.filter(pk=thread.split_from_id))
    if thread.merged_count:
        merged = list(known.filter(merged_into=thread).order_by("-pk")[:MERGED_SHOWN])
    sources, merged = (
        [each for each in threads if _is_known(each, thread)] for threads in (sources, merged)
    )
    return sources, merged


def _is_known(other: Thread, thread: Thread) -> bool:
    return other.category_id == thread.category_id or other.category.is_open


def _accepted(thread: Thread) -> Post | None:
    if thread.accepted_id is None:
        return None
    chosen = Post.objects.filter(pk=thread.accepted_id, state=Post.State.PUBLISHED)
    return _lean(chosen).first()


def _positions(thread: Thread) -> tuple[list[Position], int]:
    """The newest positions, and how many older ones there are."""
    posts = _OF_THE_OFFICE.objects(thread=thread.pk)
    count = len(posts)
    if count > POSITIONS_SHOWN:
        count = Post.objects.of_the_office(thread).filter(number__gt=1).count()
    texts = plain_texts(post.beginning for post in posts[:POSITIONS_SHOWN])
    shown = [Position(post, _first_words(text)) for post, text in zip(posts, texts, strict=False)]
    return shown, count - len(shown)


def _lean(posts: PostQuerySet) -> PostQuerySet:
    """With who speaks and the beginning of the text, without the text."""
    # The cut may run through a tag; what is left of it is no text.
    beginning = Substr("html", 1, READ_CHARS)
    return (
        posts.select_related("author", "organization")
        .only(
            "thread_id",
            "number",
            "created_at",
            "author__display_name",
            "organization__name",
            "organization__short_name",
            "organization__kind",
        )
        .annotate(beginning=beginning)
    )


_OF_THE_OFFICE = Prepared(
    lambda thread: _lean(Post.objects.of_the_office(thread).filter(number__gt=1))[
        : POSITIONS_SHOWN + 1
    ]
)


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:EXCERPT_WORDS]) + ("…" if len(words) > EXCERPT_WORDS else "")
