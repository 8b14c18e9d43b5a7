"""Questions whose SQL is kept: the same answers as the QuerySet they are made of."""

import uuid
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models.functions import Substr

from accounts.models import User
from accounts.rules import Kind, Voices, voices_listed, voices_of
from forum.categories.models import Category
from forum.categories.rules import may_read
from forum.discussions.models import Post, Thread
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


def test_objects_are_those_of_the_queryset(alice, bob, starostwo, carol, django_assert_num_queries):
    thread = a_thread(bob)
    posts = [a_reply(alice, thread), a_reply(carol, thread, voice=starostwo)]

    def make(thread):
        found = Post.objects.filter(thread=thread, number__gt=1).order_by("number")
        found = found.select_related("author", "organization", "parent__author")
        return found.defer("source").annotate(beginning=Substr("html", 1, 5))

    question = Prepared(make)
    for _ in range(2):
        with django_assert_num_queries(1):
            found = question.objects(thread=thread.pk)
            assert [post.author for post in found] == [alice, carol]
            assert [post.organization for post in found] == [None, starostwo]
            assert [post.parent for post in found] == [None, None]
    for post, kept, made in zip(posts, make(thread.pk), found, strict=True):
        assert made == post
        assert made.beginning == post.html[:5]
        assert vars(made).keys() == vars(kept).keys()
        assert made.created_at == post.created_at
        assert made.get_deferred_fields() == {"source"}
        assert not made._state.adding
        made.html = "<p>Inaczej</p>"
        made.save(update_fields=["html"])
    assert question.object(thread=thread.pk).html == "<p>Inaczej</p>"
    assert question.object(thread=thread.pk + 1) is None
    assert question.objects(thread=LARGEST + 1) == []


def test_moments_and_marks_are_put_in_as_the_orm_puts_them(bob):
    thread = a_thread(bob)
    post = a_reply(bob, thread)
    once, later = uuid.uuid4(), post.created_at + timedelta(seconds=1)
    Post.objects.filter(pk=post.pk).update(once=once)
    sent = Prepared(lambda once: Post.objects.filter(once=once).values_list("pk"))
    since = Prepared(lambda at: Post.objects.filter(created_at__gte=at).values_list("pk"))
    for _ in range(2):
        assert sent.first(once=once) == (post.pk,)
        assert sent.first(once=uuid.uuid4()) is None
        assert (post.pk,) in since.rows(at=post.created_at)
        assert since.rows(at=later) == []
        warsaw = post.created_at.astimezone(ZoneInfo("Europe/Warsaw"))
        assert (post.pk,) in since.rows(at=warsaw)


def test_rows_are_no_objects(bob):
    with pytest.raises(AssertionError, match="gives no objects"):
        Prepared(lambda: Thread.objects.values_list("pk")).objects()


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


def test_a_category_that_was_found_for_one_reader_is_asked_for_another(alice, bob, carol):
    thread = a_thread(carol)
    Category.objects.update(readers=Category.Readers.STAFF)
    assert readable_thread(bob, thread.pk) is None
    category = readable_thread(carol, thread.pk).category
    assert may_read(carol, category)
    assert not may_read(bob, category)
    carol.is_staff = False
    assert not may_read(carol, category)


def test_the_kept_thread_is_the_thread(alice, bob, starostwo, carol, django_assert_num_queries):
    for thread in (a_thread(bob), a_thread(carol, voice=starostwo)):
        a_reply(alice, thread)
        kept = Thread.objects.select_related("category", "author", "organization").get(pk=thread.pk)
        with django_assert_num_queries(1):
            found = readable_thread(alice, thread.pk)
            assert vars(found.category).keys() - vars(kept.category).keys() == {"found_for"}
            assert vars(kept.category).keys() <= vars(found.category).keys()
            for name in (field.attname for field in Thread._meta.concrete_fields):
                assert getattr(found, name) == getattr(kept, name), name
            assert (found.voice_name, found.is_official) == (kept.voice_name, kept.is_official)
            assert found.category.called == kept.category.called


def test_a_question_inside_others_is_its_queryset(alice, bob, django_assert_num_queries):
    mine, theirs = a_thread(alice), a_thread(bob)
    for thread in (mine, theirs):
        a_reply(bob, thread)
    begun_by = Prepared(lambda author: Thread.objects.filter(author=author).values_list("pk"))
    posts = Post.objects.order_by("pk")
    for author in (alice, bob, alice):
        plain = posts.filter(thread__in=Thread.objects.filter(author=author).values("pk"))
        with django_assert_num_queries(1):
            found = list(posts.filter(thread__in=begun_by.inside(author=author.pk)))
        assert found == list(plain)
        assert list(posts.exclude(thread__in=begun_by.inside(author=author.pk))) == list(
            posts.exclude(pk__in=[post.pk for post in plain])
        )


def test_a_question_inside_one_that_is_kept_takes_its_values(alice, bob):
    for author in (alice, bob):
        a_reply(author, a_thread(author))
    begun_by = Prepared(lambda author: Thread.objects.filter(author=author).values_list("pk"))
    outer = Prepared(
        lambda title, author: (
            Post.objects.filter(thread__in=begun_by.inside(author=author), thread__title__gte=title)
            .order_by("pk")
            .values_list("author")
        )
    )
    for author in (alice, bob, alice):
        assert outer.rows(title="A", author=author.pk) == [(author.pk,)] * 2


def test_what_may_be_read_ends_with_the_day_it_ended(alice, orlik):
    """The kept question asks for today, inside others as well."""
    category = a_thread(alice).category
    category.readers = Category.Readers.ORGANIZATIONS
    category.save()
    category.organizations.add(orlik)
    a_mandate(alice, orlik, valid_to=date(2026, 3, 31))
    for day, is_readable in (("2026-03-31", True), ("2026-04-01", False)):
        with time_machine.travel(f"{day} 12:00", tick=False):
            assert Thread.objects.readable_by(alice).exists() is is_readable
            assert Category.objects.readable_by(alice).filter(pk=category.pk).exists() is (
                is_readable
            )
