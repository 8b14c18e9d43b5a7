"""The pace of a thread and of an account: who may reply when, and that nothing typed is lost."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from forum.discussions import actions, guards
from forum.discussions.models import Draft, HeldText, Post
from forum.lib.answers import Refused
from tests.cast import just_logged_in, logged_in
from tests.discussions.waiting_world import change, guards_on, send, start
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=WARSAW)
NIGHT = (time(22), time(6, 30))


@pytest.fixture
def thread(carol):
    with time_machine.travel(NOON - timedelta(days=1)):
        return a_thread(carol)


def set_pace(staff, thread, slow_minutes=0, quiet=None):
    return actions.set_pace(staff=staff, thread=thread, slow_minutes=slow_minutes, quiet=quiet)


# --- Slow mode ------------------------------------------------------------------------------------
@pytest.fixture
def slow(carol, thread):
    return set_pace(carol, thread, 15)


def test_one_reply_of_a_member_in_so_many_minutes(alice, bob, slow):
    with time_machine.travel(NOON, tick=False) as clock:
        send(bob, slow)
        send(alice, slow)
        clock.shift(timedelta(minutes=14))
        with pytest.raises(Refused) as refused:
            send(bob, slow, "Za wcześnie")
        assert "12:15" in str(refused.value)
        clock.shift(timedelta(minutes=1))
        assert isinstance(send(bob, slow, "W porę"), Post)


def test_the_pace_is_the_threads_own(bob, slow):
    with time_machine.travel(NOON, tick=False):
        send(bob, slow)
        assert isinstance(send(bob, a_thread(bob), "Gdzie indziej"), Post)


def test_staff_is_bound_by_no_pace(carol, thread):
    set_pace(carol, thread, 60, NIGHT)
    with time_machine.travel(NOON.replace(hour=23), tick=False):
        a_reply(carol, thread)
        a_reply(carol, thread)


def test_what_waits_counts_and_what_was_moved_away_does_not_count_twice(bob, carol, slow):
    guards_on()
    with time_machine.travel(NOON, tick=False):
        assert isinstance(send(bob, slow), HeldText)
        with pytest.raises(Refused):
            send(bob, slow, "Drugi")


def test_the_form_sent_twice_is_no_second_reply(bob, slow):
    once = UUID("7e1f1b4e-53e1-4f0e-9a0a-1c2d3e4f5a6b")
    with time_machine.travel(NOON, tick=False):
        assert send(bob, slow, once=once) == send(bob, slow, once=once)


def test_an_edit_is_no_reply(bob, slow):
    with time_machine.travel(NOON, tick=False):
        post = send(bob, slow)
        assert change(bob, post, "Poprawka").source == "Poprawka"


# --- Quiet hours ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("hours", "at", "is_quiet"),
    [
        pytest.param(NIGHT, time(21, 59), False, id="before-the-night"),
        pytest.param(NIGHT, time(22), True, id="as-it-begins"),
        pytest.param(NIGHT, time(3), True, id="past-midnight"),
        pytest.param(NIGHT, time(6, 29), True, id="in-its-last-minute"),
        pytest.param(NIGHT, time(6, 30), False, id="as-it-ends"),
        pytest.param((time(12), time(14)), time(13), True, id="at-noon"),
        pytest.param((time(12), time(14)), time(14), False, id="after-noon"),
        pytest.param((time(12), time(14)), time(11, 59), False, id="before-noon"),
    ],
)
def test_nobody_replies_in_quiet_hours(bob, carol, thread, hours, at, is_quiet):
    set_pace(carol, thread, quiet=hours)
    with time_machine.travel(datetime.combine(NOON.date(), at, WARSAW), tick=False):
        if is_quiet:
            with pytest.raises(Refused) as refused:
                send(bob, thread)
            assert hours[1].strftime("%H:%M") in str(refused.value)
        else:
            assert isinstance(send(bob, thread), Post)


# --- An account that was slowed down --------------------------------------------------------------
def test_a_slowed_account_writes_now_and_then_everywhere(bob, carol, thread):
    with time_machine.travel(NOON, tick=False) as clock:
        bob.slowed_until = timezone.now() + timedelta(hours=2)
        bob.save()
        send(bob, thread)
        other, category = a_thread(carol), a_category()
        for again in (
            lambda: send(bob, thread, "Drugi"),
            lambda: send(bob, other),
            lambda: start(bob, category),
        ):
            with pytest.raises(Refused) as refused:
                again()
            assert "13:00" in str(refused.value)
            assert "14:00" in str(refused.value)
        clock.shift(timedelta(hours=1))
        assert isinstance(send(bob, other), Post)
        clock.shift(timedelta(hours=1))
        assert isinstance(send(bob, thread, "Po karze"), Post)
        assert isinstance(send(bob, thread, "Zaraz potem"), Post)


# --- Setting it -----------------------------------------------------------------------------------
def test_staff_sets_the_pace_and_everybody_sees_it(carol, bob, thread, client):
    before = thread.seq
    moved = set_pace(carol, thread, 15, NIGHT)
    assert moved.seq == before + 1
    assert set_pace(carol, thread, 15, NIGHT).seq == before + 1  # repeating changes nothing
    page = client.get(thread.get_absolute_url()).content.decode()
    assert "15" in page
    assert "22:00" in page
    assert "06:30" in page
    with pytest.raises(Refused):
        set_pace(bob, thread)


def test_the_manage_page_sets_it(carol, thread):
    browser = just_logged_in(carol)
    address = reverse("discussions:pace", args=[thread.pk])
    form = {"slow_minutes": "60", "quiet_from": "22:00", "quiet_until": "06:30"}
    assert browser.post(address, form).status_code == 303
    thread.refresh_from_db()
    assert (thread.slow_minutes, thread.quiet_from, thread.quiet_until) == (60, *NIGHT)
    page = browser.get(reverse("discussions:manage", args=[thread.pk])).content.decode()
    assert 'value="22:00"' in page
    for wrong in (
        {**form, "quiet_until": ""},
        {**form, "quiet_from": "06:30"},
        {**form, "quiet_from": "25:00"},
        {**form, "slow_minutes": "7"},
    ):
        assert browser.post(address, wrong).status_code == 422
    free = {"slow_minutes": "0", "quiet_from": "", "quiet_until": ""}
    assert browser.post(address, free).status_code == 303
    thread.refresh_from_db()
    assert (thread.slow_minutes, thread.quiet_from) == (0, None)


def test_nobody_else_sets_it(bob, thread):
    form = {"slow_minutes": "60", "quiet_from": "", "quiet_until": ""}
    response = logged_in(bob).post(reverse("discussions:pace", args=[thread.pk]), form)
    assert response.status_code == 403


# --- What was typed is kept -----------------------------------------------------------------------
def test_a_plain_form_that_comes_too_early_is_a_draft(bob, slow):
    address = reverse("discussions:reply", args=[slow.pk])
    form = {"body": "Pierwszy", "body_format": "markdown", "voice": "", "draft": "0"}
    browser = logged_in(bob)
    with time_machine.travel(NOON, tick=False):
        assert browser.post(address, form).status_code == 303
        response = browser.post(address, {**form, "body": "Za wcześnie", "about_office": "1"})
    assert response.status_code == 403
    assert "12:15" in response.content.decode()
    draft = Draft.objects.get(user=bob)
    assert (draft.body, draft.is_about_office) == ("Za wcześnie", True)


def test_the_pages_script_is_told_when(bob, slow):
    address = reverse("discussions:reply", args=[slow.pk])
    form = {"body": "Wpis", "body_format": "markdown", "voice": "", "draft": "0"}
    browser = logged_in(bob)
    with time_machine.travel(NOON, tick=False):
        browser.post(address, form)
        response = browser.post(address, form, headers={"X-Fragment": "1"})
    assert response.status_code == 403
    assert "12:15" in response.json()["refusal"]


def test_a_pace_costs_nothing_where_there_is_none(bob, thread, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert guards.may_reply_now(bob, thread)
    assert opening_post(thread)
