"""Questions whose SQL is kept: the same answers as the QuerySet they are made of."""

from datetime import date

import pytest
import time_machine

from accounts.models import User
from accounts.rules import Kind, Voices, voices_listed, voices_of
from forum.discussions.models import Thread
from forum.discussions.reading import readable_thread
from forum.lib.prepared import LARGEST, Prepared
from tests.cast import a_mandate
from tests.factories import a_reply, a_thread

pytestmark = pytest.mark.django_db


def test_the_sql_is_written_once_and_the_values_are_put_in(alice, bob):
    threads = [a_thread(bob, title=f"Wątek {number}") for number in range(3)]
    written = []

    def make(pk, title):
        written.append(pk)
        found = Thread.objects.filter(pk__gte=pk, title__gte=title).order_by("pk")
        return found.values_list("pk", "title", "created_at", "closed_at")

    question = Prepared(make)
    for thread in threads:
        columns = (thread.pk, thread.title, thread.created_at, None)
        assert question.first(pk=thread.pk, title=thread.title) == columns
    assert question.first(pk=threads[-1].pk + 1, title="Wątek") is None
    assert len(question.rows(pk=threads[0].pk, title="Wątek")) == 3
    assert len(written) == 1


def test_a_number_too_large_for_a_column_is_nowhere(bob):
    question = Prepared(lambda pk: Thread.objects.filter(pk__lte=pk).values_list("pk"))
    a_thread(bob)
    assert question.rows(pk=LARGEST)
    assert question.rows(pk=LARGEST + 1) == []


def test_a_value_that_could_not_be_put_in_is_refused():
    rows = Thread.objects.values_list("pk")
    with pytest.raises(AssertionError, match="a value stands in the SQL"):
        Prepared(lambda count: rows[:count]).rows(count=3)
    with pytest.raises(AssertionError, match="inside another value"):
        Prepared(lambda title: rows.filter(title__startswith=title)).rows(title="Wątek")


def test_a_kind_of_viewer_knows_nothing_else(alice):
    somebody = Kind.of(alice).viewer(alice.pk + 1000)
    assert (somebody.is_active, somebody.is_staff) == (True, False)
    with pytest.raises(User.DoesNotExist):
        _ = somebody.email


def test_the_listed_voices_are_the_voices_of_today(alice, bob, fundacja, orlik):
    a_mandate(alice, orlik, valid_to=date(2026, 3, 31))
    alice.last_voice = orlik
    for day, names in (("2026-03-31", {fundacja, orlik}), ("2026-04-01", {fundacja})):
        with time_machine.travel(f"{day} 12:00", tick=False):
            listed = voices_listed(alice)
            assert set(voices_of(alice)) == names
            assert [pk for pk, _ in listed.organizations] == [o.pk for o in voices_of(alice)]
            assert listed.chosen == (orlik.pk if orlik in names else None)
    assert voices_listed(bob) == Voices(bob.display_name)


def test_the_kept_thread_is_the_thread(alice, bob, starostwo, carol, django_assert_num_queries):
    for thread in (a_thread(bob), a_thread(carol, voice=starostwo)):
        a_reply(alice, thread)
        kept = Thread.objects.select_related("category", "author", "organization").get(pk=thread.pk)
        with django_assert_num_queries(1):
            found = readable_thread(alice, thread.pk)
            assert vars(found.category).keys() == vars(kept.category).keys()
            for name in (field.attname for field in Thread._meta.concrete_fields):
                assert getattr(found, name) == getattr(kept, name), name
            assert (found.voice_name, found.is_official) == (kept.voice_name, kept.is_official)
            assert found.category.called == kept.category.called
