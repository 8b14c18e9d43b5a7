"""A suspended account reads, logs in and takes its data along; it says nothing to others."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import rules as account_rules
from accounts import verification_rules
from accounts.actions import restrict
from forum.categories.models import Category
from forum.discussions import rules
from forum.live.rules import voice_of
from tests.cast import just_logged_in, logged_in
from tests.factories import a_reply, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def suspended(alice, fundacja, post):
    restrict(member=alice, suspended_until=timezone.now() + timedelta(days=3), slowed_until=None)
    alice.refresh_from_db()
    return alice


def test_the_sentence_names_the_day(suspended):
    answer = account_rules.may_speak(suspended, None)
    day = timezone.localtime(suspended.suspended_until)
    assert str(day.day) in str(answer.sentence)
    assert str(day.year) in str(answer.sentence)


def test_it_writes_nothing(suspended, fundacja, thread, post, category):
    assert not rules.may_start(suspended, category)
    assert not rules.may_reply(suspended, thread)
    assert not rules.may_react(suspended, post)
    assert not rules.may_choose_answer(suspended, thread)
    assert not rules.may_accept(suspended, post)
    assert not account_rules.may_speak(suspended, fundacja)
    assert not account_rules.may_edit_profile(suspended, fundacja)
    assert not account_rules.may_ask_to_join(suspended, fundacja)
    assert not account_rules.may_manage_mandates(suspended, fundacja)
    assert not verification_rules.may_create(suspended, "foundation")
    assert not Category.objects.writable_by(suspended).exists()
    for voice in (0, fundacja.pk):
        assert voice_of((suspended, voice)) is None


def test_its_words_may_be_taken_back_but_not_changed(suspended, bob, category):
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        own = a_reply(suspended, a_thread(bob, category))
    assert not rules.may_edit(suspended, own)
    assert rules.may_withdraw(suspended, own)


def test_it_reads_saves_and_takes_its_data_along(suspended, thread, post):
    client = logged_in(suspended)
    assert client.get(f"/threads/{thread.pk}/", follow=True).status_code == 200
    assert rules.may_read(suspended, thread)
    assert rules.may_save(suspended, post)
    assert just_logged_in(suspended).get("/account/data/").status_code == 200


def test_the_page_says_until_when(suspended, thread):
    page = logged_in(suspended).get(f"/threads/{thread.pk}/", follow=True).content.decode()
    assert "zawieszone" in page or "suspended" in page
    refused = logged_in(suspended).post(f"/threads/{thread.pk}/replies/", {"body": "a"})
    assert refused.status_code == 403


def test_it_ends_by_itself(suspended, thread):
    with time_machine.travel(suspended.suspended_until + timedelta(seconds=1)):
        assert rules.may_reply(suspended, thread)
        assert Category.objects.writable_by(suspended).exists()


def test_of_a_suspended_account_its_owner_is_told_in_the_export(suspended):
    answer = just_logged_in(suspended).get("/account/data/")
    assert answer.status_code == 200
