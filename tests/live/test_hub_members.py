"""The hub and members: who is logged out or loses a right hears no more."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from channels.db import DatabaseSyncToAsync
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from tests.live.probes import FakePage, MemoryStream, hint, running, until


@pytest.fixture
def anna(transactional_db: None) -> User:
    return User.objects.create_user("anna@example.org", display_name="Anna")


def session_of(_: User) -> str:
    store = SessionStore()
    store.create()
    assert store.session_key
    return store.session_key


def test_a_kick_closes_the_sockets_of_the_member_or_the_session(
    memory: MemoryStream, anna: User
) -> None:
    first, second = session_of(anna), session_of(anna)

    async def scene() -> None:
        async with running() as hub:
            one = FakePage(hub, viewer=anna, session_key=first)
            two = FakePage(hub, viewer=anna, session_key=second)
            guest = FakePage(hub)
            await hint({"type": "kick", "user": None, "session": first})
            await until(lambda: one.code == 4001)
            assert two.code is None
            await hint({"type": "kick", "user": anna.pk, "session": None})
            await until(lambda: two.code == 4001)
            assert guest.code is None

    asyncio.run(scene())


def test_a_suspended_member_may_not_join(memory: MemoryStream, anna: User) -> None:
    key = session_of(anna)
    User.objects.filter(pk=anna.pk).update(is_active=False)

    async def scene() -> None:
        async with running() as hub:
            page = FakePage(hub, viewer=anna, session_key=key)
            await page.join("memory.1")
            assert page.code == 4001

    asyncio.run(scene())


def lose_session(anna: User, key: str) -> None:
    Session.objects.filter(session_key=key).delete()


def outlive_session(anna: User, key: str) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Session.objects.filter(session_key=key).update(expire_date=past)


def change_password(anna: User, key: str) -> None:
    anna = User.objects.get(pk=anna.pk)
    anna.set_password("another long password")
    anna.save()


def suspend(anna: User, key: str) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False)


@pytest.mark.parametrize("end", [lose_session, outlive_session, change_password, suspend])
def test_a_socket_whose_login_ended_is_closed_at_the_next_look(
    memory: MemoryStream, anna: User, end: Any
) -> None:
    key = session_of(anna)

    async def scene() -> None:
        async with running() as hub:
            page, guest = FakePage(hub, viewer=anna, session_key=key), FakePage(hub)
            for each in (page, guest):
                await each.join("memory.1")
            await hub.revalidate()
            assert page.code is None
            await DatabaseSyncToAsync(end, thread_sensitive=False)(anna, key)
            await hub.revalidate()
            assert page.code == 4001
            assert guest.code is None

    asyncio.run(scene())


def test_who_lost_the_right_to_a_stream_is_closed(memory: MemoryStream, anna: User) -> None:
    key = session_of(anna)

    async def scene() -> None:
        async with running() as hub:
            page, guest = FakePage(hub, viewer=anna, session_key=key), FakePage(hub)
            for each in (page, guest):
                await each.join("memory.1")
            memory.forbidden.add((anna.pk, 1))
            await hint({"type": "recheck"})
            await until(lambda: page.code == 4003)
            assert guest.code is None

    asyncio.run(scene())
