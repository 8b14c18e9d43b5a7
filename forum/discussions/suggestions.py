"""Whom somebody may mean while they type a name after "@"."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Mandate, Organization, User
from forum.categories.models import Category
from forum.categories.rules import who_may_read
from forum.discussions.mentioning import key_of
from forum.discussions.models import Post, Thread
from forum.lib.mentions import folded

SHOWN = 8
SEARCHED = 5_000  # members and organizations each: names are compared here, letter by letter
VOICES_READ = 200  # of the thread's last posts, whose authors come first


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list: the key and name of a mention, and what tells two names apart."""

    key: str
    name: str
    about: str = ""


def suggestions(
    viewer: User, category: Category, thread: Thread | None, wish: str
) -> list[Suggestion]:
    """Who reads the category and has words that begin as those of the wish; those who write in
    the thread first.

    Databases fold Polish letters each in their own way, so the names are read and compared here:
    for 2,000 members that takes about 25 ms. Queries: 3, one more in a thread, one more where
    members are found.
    """
    known = _voices_in(thread) if thread is not None else set()
    begun = folded(wish).split()
    found = [
        (key not in known, _first_word_differs(words, begun), words, key, name)
        for key, name, other in _everybody(viewer, category)
        if _fits(words := folded(f"{name} {other}").split(), begun)
    ]
    found.sort()
    chosen = [(key, name) for *_, key, name in found[:SHOWN]]
    about = _organizations_of(key for key, _ in chosen)
    return [Suggestion(key, name, about.get(key, "")) for key, name in chosen]


def _everybody(viewer: User, category: Category) -> Iterable[tuple[str, str, str]]:
    """Key, name and other name of everybody who could be meant."""
    members = who_may_read(category).exclude(pk=viewer.pk).order_by("pk")
    for pk, name in members.values_list("pk", "display_name")[:SEARCHED]:
        yield f"member-{pk}", name, ""
    for each in Organization.objects.only("name", "short_name").order_by("pk")[:SEARCHED]:
        yield key_of(each), each.called, each.name


def _fits(words: list[str], begun: list[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in begun)


def _first_word_differs(words: list[str], begun: list[str]) -> bool:
    return bool(begun) and not (words and words[0].startswith(begun[0]))


def _voices_in(thread: Thread) -> set[str]:
    last = Post.objects.filter(thread=thread, number__gt=thread.last_number - VOICES_READ)
    keys = set()
    for author, organization in last.values_list("author", "organization"):
        keys.add(f"member-{author}")
        if organization is not None:
            keys.add(f"organization-{organization}")
    return keys


def _organizations_of(keys: Iterable[str]) -> dict[str, str]:
    """For each member the organizations in whose name they may speak."""
    members = [int(key.split("-")[1]) for key in keys if key.startswith("member-")]
    if not members:
        return {}
    mandates = Mandate.objects.current().that_speak().filter(user__in=members)
    about: dict[str, list[str]] = {}
    for mandate in mandates.select_related("organization").order_by("organization__name"):
        about.setdefault(f"member-{mandate.user_id}", []).append(mandate.organization.called)
    return {key: ", ".join(names) for key, names in about.items()}
