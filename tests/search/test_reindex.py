"""The index made anew while the forum goes on, by hand and by the worker; and it is in step."""

import contextlib
import random
import re
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from forum.discussions import actions
from forum.discussions.actions import attaching, hiding, managing, moving, reading_files
from forum.discussions.models import Attachment, FileText, Post, Thread
from forum.discussions.searching import FILE, POST
from forum.discussions.searching_files import FileSource
from forum.jobs.models import Job
from forum.lib.answers import Refused
from forum.lib.document_text import SECONDS_MAX
from forum.lib.word_forms import VERSION
from forum.search import queries, sources
from forum.search.actions import renewing
from forum.search.checks import dictionary
from forum.search.finding import Filters, find
from forum.search.models import Entry
from forum.search.sources import Source
from forum.search.terms import indexed
from tests import documents
from tests.factories import a_category, a_reply, a_thread, an_attachment, opening_post
from tests.search.keeping import entries, run_jobs

pytestmark = pytest.mark.django_db
OLD = VERSION  # the analyser that a newer version of the forum will find


def found(text):
    hits = find(AnonymousUser(), queries.read(text), Filters()).hits
    return [hit.entry.object_pk for hit in hits]


def reindex(**options):
    out = StringIO()
    call_command("reindex", stdout=out, **options)
    return out.getvalue()


def made_of(kind, told):
    return int(re.search(rf"^{kind}: .*, (\d+) made anew", told, re.MULTILINE)[1])


@pytest.fixture
def posts(bob):
    thread = a_thread(bob, body="Dotacja na sprzęt.")
    return [opening_post(thread), *(a_reply(bob, thread, f"Dotacja {n}.") for n in range(9))]


@pytest.fixture
def newer(monkeypatch):
    """A version of the forum that takes words apart in another way."""
    for module in ("renewing", "indexing"):
        monkeypatch.setattr(f"forum.search.actions.{module}.VERSION", OLD + 1)


# --- What is done -------------------------------------------------------------------------------
def test_what_is_up_to_date_is_left_alone_unless_all_is_wanted(posts):
    assert made_of(POST, reindex()) == 0
    assert made_of(POST, reindex(all=True)) == len(posts)


def test_what_is_missing_or_older_is_made_and_what_is_gone_is_taken_out(posts):
    Post.objects.filter(pk=posts[5].pk).delete()
    kept = [entry for entry in entries() if entry[1] != posts[5].pk]
    assert len(kept) == len(posts) - 1
    Entry.objects.filter(object_pk=posts[0].pk).delete()
    Entry.objects.filter(object_pk=posts[1].pk).update(analyser=0, text_terms="")
    Entry.objects.create(kind=POST, object_pk=10**9)
    told = reindex()
    assert (made_of(POST, told), "2 taken out" in told) == (2, True)
    assert entries() == kept


def test_a_newer_one_is_left_to_those_who_know_it(posts):
    Entry.objects.update(analyser=VERSION + 1, text_terms="_nowsze")
    assert made_of(POST, reindex()) == 0


def test_a_long_text_is_there_when_it_ends(bob, posts):
    reply = a_reply(bob, posts[0].thread, "słowo " * 1_500 + "Drabina.")
    Job.objects.all().delete()
    reindex()
    assert found("drabina") == [reply.pk]
    assert not Job.objects.filter(kind="search.analyse").exists()


def test_progress_is_told_in_numbers(posts, monkeypatch):
    monkeypatch.setattr("forum.search.management.commands.reindex.TOLD_EVERY_SECONDS", 0)
    monkeypatch.setattr(Source, "looked_at", 4)
    told = reindex(all=True)
    assert re.search(r"post: 4 of 10 \(40%\), 4 made anew, [\d,]+ a second, about \d+ s", told)
    assert re.search(r"post: 10 looked at in [\d.]+ s \([\d,]+ a second\), 10 made anew", told)


# --- Stopped ------------------------------------------------------------------------------------
@pytest.fixture
def stops_after_four(monkeypatch):
    """Ctrl-C comes when four things are done."""
    monkeypatch.setattr(Source, "looked_at", 4)
    count = renewing.steps

    def few(*args, **options):
        for number, step in enumerate(count(*args, **options)):
            if number == 1:
                raise KeyboardInterrupt
            yield step

    monkeypatch.setattr("forum.search.management.commands.reindex.steps", few)


def test_stopped_it_goes_on_where_it_was(posts, newer, stops_after_four, monkeypatch):
    with pytest.raises(CommandError, match=r"nothing is lost.* Go on with: manage.py reindex$"):
        reindex()
    done = Entry.objects.filter(kind=POST, analyser=OLD + 1).count()
    assert done == 8  # a step is written before it is told
    monkeypatch.undo()
    monkeypatch.setattr("forum.search.actions.renewing.VERSION", OLD + 1)
    monkeypatch.setattr("forum.search.actions.indexing.VERSION", OLD + 1)
    assert made_of(POST, reindex()) == len(posts) - done


def test_stopped_with_all_it_says_how_to_go_on(posts, stops_after_four, monkeypatch):
    with pytest.raises(CommandError) as stopped:
        reindex(all=True)
    place = re.search(r"manage.py reindex --all --from (\w+:\d+)$", str(stopped.value))[1]
    assert place == f"{POST}:{posts[3].pk}"
    monkeypatch.undo()
    told = reindex(all=True, place=place)
    assert (made_of(POST, told), "\nfile: " in told) == (6, True)


@pytest.mark.parametrize("place", ["post", "post:", "nothing:3", "post:x", ":3"])
def test_a_place_that_is_none_is_refused(place):
    with pytest.raises(CommandError, match="--from is one of post, file, a colon and a number"):
        reindex(place=place)


# --- By the worker ------------------------------------------------------------------------------
def test_the_worker_renews_what_an_older_version_made(posts, newer):
    renewing.look.call()
    run_jobs()
    assert not Entry.objects.exclude(analyser=OLD + 1).exists()
    renewing.look.call()
    assert not Job.objects.unfinished().filter(kind=renewing.renew.kind).exists()


def test_the_worker_goes_on_in_slices(posts, newer, monkeypatch):
    monkeypatch.setattr(Source, "looked_at", 4)
    monkeypatch.setattr("forum.search.actions.renewing.SLICE_SECONDS", 0)
    renewing.look.call()
    renewing.look.call()  # while one waits there is no second
    waiting = Job.objects.unfinished().filter(kind=renewing.renew.kind)
    assert [job.args for job in waiting] == [{"kind": POST, "after": 0}]
    run_jobs()
    slices = Job.objects.filter(kind=renewing.renew.kind).order_by("pk")
    assert [job.args["after"] for job in slices] == [0, posts[3].pk, posts[7].pk]
    assert not Entry.objects.exclude(analyser=OLD + 1).exists()


def test_the_worker_begins_an_index_that_is_empty(bob, posts):
    an_attachment(bob, posts[0], content=documents.pdf(["Skarbniczka"]))
    Entry.objects.all().delete()
    Job.objects.all().delete()
    renewing.look.call()
    run_jobs()
    assert found("skarbniczki") == list(Attachment.objects.values_list("pk", flat=True))
    assert Entry.objects.filter(kind=POST).count() == len(posts)


def test_nothing_is_begun_where_nothing_is_to_do(posts):
    renewing.look.call()
    assert not Job.objects.filter(kind=renewing.renew.kind).exists()


def test_a_text_whose_job_was_given_up_is_taken_apart_after_all(bob, posts):
    reply = a_reply(bob, posts[0].thread, "słowo " * 1_500 + "Drabina.")
    renewing.look.call()
    assert not Job.objects.filter(kind=renewing.renew.kind).exists()  # its job will come
    Job.objects.filter(kind="search.analyse").update(failed_at=timezone.now())
    renewing.look.call()
    run_jobs()
    assert found("drabina") == [reply.pk]
    Job.objects.filter(kind=renewing.renew.kind).delete()
    renewing.look.call()
    assert not Job.objects.filter(kind=renewing.renew.kind).exists()


# --- Where one thing fails ----------------------------------------------------------------------
@pytest.fixture
def unreadable(monkeypatch):
    """A text that cannot be taken apart."""

    def fails(text):
        if "Kwark" in text:
            raise ValueError("a reader fails")
        return indexed(text)

    monkeypatch.setattr("forum.search.actions.indexing.indexed", fails)


@pytest.mark.parametrize("length", [0, 1_500], ids=["short", "long"])
@pytest.mark.parametrize("way", ["by hand", "by the worker"])
def test_one_that_cannot_be_taken_apart_keeps_no_other_waiting(
    length, way, bob, posts, request, caplog
):
    bad = a_reply(bob, posts[0].thread, "słowo " * length + "Kwark.")
    after = a_reply(bob, posts[0].thread, "Drabina.")
    Entry.objects.update(analyser=OLD - 1, text_terms="")
    request.getfixturevalue("unreadable")
    if way == "by hand":
        reindex()
    else:
        renewing.renew.call(POST, 0)
    assert found("drabina") == [after.pk]
    assert list(Entry.objects.exclude(analyser=VERSION).values_list("object_pk", flat=True)) == [
        bad.pk
    ]
    assert f"[{bad.pk}]" in caplog.text
    assert "a reader fails" in caplog.text


def test_one_that_cannot_be_made_ready_keeps_no_other_waiting(bob, posts, monkeypatch, caplog):
    content = documents.pdf(["Skarbniczka"])
    bad, good = (an_attachment(bob, posts[n], content=content) for n in (0, 1))
    read = reading_files.read

    def fails(pk):
        if pk == bad.pk:
            raise RuntimeError("a reader fails")
        read(pk)

    monkeypatch.setattr(reading_files, "read", fails)
    reindex()
    assert found("skarbniczka") == [good.pk]
    assert f"[{bad.pk}]" in caplog.text


def test_a_database_that_cannot_be_asked_ends_it(posts, monkeypatch):
    def fails(pks):
        raise OperationalError("it is gone")

    Entry.objects.update(analyser=OLD - 1)
    monkeypatch.setattr(sources.find(POST), "words", fails)
    with pytest.raises(OperationalError):
        reindex()


# --- In step ------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(4))
def test_after_any_actions_the_index_is_what_it_would_be_made_anew(seed, alice, bob, carol, dana):
    county = County(random.Random(seed), [alice, bob, dana], carol)
    for _ in range(50):
        county.act()
    county.attach()
    run_jobs()
    kept = entries()
    Entry.objects.all().delete()
    FileText.objects.all().delete()
    reindex()
    assert entries() == kept
    kinds = {entry.kind for entry in Entry.objects.all()}
    assert kinds == {POST, FILE}


class County:
    """People who do what comes to their mind, in two categories."""

    def __init__(self, chance, people, carol):
        self.chance, self.people, self.carol = chance, people, carol
        self.places = [a_category(), a_category(readers="members")]
        for place in self.places:
            a_reply(people[1], a_thread(people[0], place))
        for _ in range(3):
            self.attach()

    def act(self):
        deeds = [
            self.begin, self.reply, self.reply, self.attach, self.detach, self.edit, self.withdraw,
            self.hide, self.restore, self.accept, self.accept, self.retitle, self.move, self.split,
            self.split, self.merge, self.merge, run_jobs,
        ]  # fmt: skip
        with contextlib.suppress(Refused):  # what may not be done changes nothing
            self.chance.choice(deeds)()

    def post(self, **fields):
        found = Post.objects.filter(**fields).order_by("pk")
        return self.chance.choice(list(found)) if found else None

    def thread(self):
        return self.chance.choice(list(Thread.objects.listed().order_by("pk")))

    def begin(self):
        a_thread(self.chance.choice(self.people), self.chance.choice(self.places))

    def reply(self):
        a_reply(self.chance.choice(self.people), self.thread(), self.words())

    def words(self):
        many = "Długi list. " * 700 if self.chance.random() < 0.2 else ""
        return f"{many}Słowo {self.chance.randrange(1_000)}."

    def attach(self):
        if post := self.post(state="published"):
            content = documents.pdf([self.words()[-20:]])
            an_attachment(post.author, post, name=f"{self.chance.random()}.pdf", content=content)

    def detach(self):
        if file := Attachment.objects.filter(post__state="published").order_by("?").first():
            enclosed = attaching.Enclosed(detach=frozenset([file.key]))
            self.change(file.post, file.post.source, enclosed=enclosed)

    def edit(self):
        if post := self.post(state="published"):
            self.change(post, self.words())

    def change(self, post, body, **form):
        actions.edit(author=post.author, post=post, body=body, body_format="markdown", **form)

    def withdraw(self):
        if self.chance.random() < 0.5 and (post := self.post(state="published")):
            actions.withdraw(author=post.author, post=post)

    def hide(self):
        if post := self.post(state="published"):
            with transaction.atomic():
                hiding.put(post=post, state=Post.State.HIDDEN)

    def restore(self):
        if post := self.post(state="hidden"):
            with transaction.atomic():
                hiding.put(post=post, state=Post.State.PUBLISHED, accepted=True)

    def accept(self):
        if post := self.post(state="published", number__gt=1):
            actions.accept(author=self.carol, post=post, on=self.chance.random() < 0.8)

    def retitle(self):
        managing.retitle(author=self.carol, thread=self.thread(), title=f"Tytuł {self.words()[:9]}")

    def move(self):
        managing.move(
            staff=self.carol, thread=self.thread(), category=self.chance.choice(self.places)
        )

    def split(self):
        if post := self.post(state="published", number__gt=1):
            moving.split(
                staff=self.carol, thread=post.thread, numbers=[post.number], title="Osobno",
                category=self.chance.choice(self.places),
            )  # fmt: skip

    def merge(self):
        moving.merge(staff=self.carol, thread=self.thread(), into=self.thread())


# --- What it lacks ------------------------------------------------------------------------------
def test_a_machine_without_the_dictionary_is_told_at_every_start(monkeypatch):
    assert dictionary() == []
    monkeypatch.setattr("forum.lib.word_forms._dictionary", None)
    (warning,) = dictionary()
    assert "fewer inflected words" in warning.msg
    assert "reindex --all" in warning.hint


def test_a_step_of_files_ends_before_another_worker_may_begin_it():
    longest = FileSource.looked_at * SECONDS_MAX + renewing.SLICE_SECONDS
    assert longest < renewing.renew.lease.total_seconds()
