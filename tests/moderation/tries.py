"""Every action of the moderation as tests/accounts/test_rights.py tries it with each role."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from forum.discussions.models import Post
from forum.moderation.actions.rulebook import publish_first_rules
from forum.moderation.models import Decision
from tests import cast
from tests.factories import a_thread
from tests.moderation.world import a_clerk, found

World = Any  # of tests/accounts/test_rights.py
REPORT = {"why": "offensive", "words": "To obraża."}
SECTION = {"edition": 0, "title": "Zdjęcia", "text": "Podaj autora."}


def _get(world: World, name: str, *args: object) -> HttpResponseBase:
    return world.client.get(reverse(f"moderation:{name}", args=args))


def _post(world: World, name: str, /, *args: object, **form: object) -> HttpResponseBase:
    return world.client.post(reverse(f"moderation:{name}", args=args), form)


def _post_of(world: World, *, is_own: bool) -> Post:
    """A post; one's own was written while one still could."""
    author = world.actor if is_own and world.actor is not None else world.other
    with world.before_the_suspension():
        return a_thread(User.objects.get(pk=author.pk)).posts.get()


def _decision(world: World, *, is_own: bool) -> Decision:
    return found(a_clerk(), _post_of(world, is_own=is_own))


def _report_own(world: World) -> HttpResponseBase:
    answer = _post(world, "report", "post", _post_of(world, is_own=True).pk, **REPORT)
    # Without an account it is nobody's own: the notice is another row.
    return _get(world, "own") if world.role in {"guest", "suspended"} else answer


def _write_rules(world: World) -> HttpResponseBase:
    publish_first_rules()
    return _post(world, "desk_rules_section", "topic", **SECTION)


def _enter_elected(world: World) -> HttpResponseBase:
    cast.a_member("Jan", "Sowa")
    today = timezone.localdate().isoformat()
    form = {"email": "jan@example.org", "since": today, "until": today, "elected_by": "Zjazd"}
    return _post(world, "desk_elected", **form)


TRIES: dict[str, Callable[[World], HttpResponseBase]] = {
    "read the rules": lambda world: _get(world, "rules"),
    "read the public log of decisions": lambda world: _get(world, "log"),
    "report a post, or send a notice without an account": lambda world: _post(
        world, "report", "post", _post_of(world, is_own=False).pk, **REPORT
    ),
    "report one's own post": _report_own,
    "read the reasons of a decision about oneself": lambda world: _get(
        world, "decision", _decision(world, is_own=True).number
    ),
    "appeal against a decision about oneself": lambda world: _post(
        world, "appeal", _decision(world, is_own=True).number, words="To był cytat."
    ),
    "read the reasons of a decision about another": lambda world: _get(
        world, "decision", _decision(world, is_own=False).number
    ),
    "appeal against a decision about another": lambda world: _post(
        world, "appeal", _decision(world, is_own=False).number, words="To był cytat."
    ),
    "write the rules": _write_rules,
    "keep saved replies": lambda world: _post(
        world, "desk_reply_add", title="Ton", words="Proszę o sprawie.", measure=""
    ),
    "enter who was elected to moderate": _enter_elected,
}
