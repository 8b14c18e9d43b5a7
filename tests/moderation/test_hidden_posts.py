"""What moderators hid is read by nobody else, through whichever door."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from forum.discussions import actions as discussing
from forum.discussions import rules
from forum.discussions.live import CategoryStream, ThreadStream
from forum.discussions.models import Mention, Post
from forum.discussions.templates_of_threads import TEMPLATES
from forum.lib.answers import Refused
from forum.moderation import actions
from forum.moderation.measures import Measure
from forum.moderation.models import AccessNote, Decision
from tests.cast import just_logged_in, logged_in
from tests.factories import a_category, a_reaction, a_reply, a_thread, an_attachment, opening_post
from tests.moderation.world import SECRET, found, fresh, state_of

pytestmark = pytest.mark.django_db

TEXTS = {
    "purpose": f"sala {SECRET}",
    "seek": "W Piastowie dla orkiestry",
    "gminas": "piastow",
}
MEASURES = [Measure.HIDE, Measure.ASK_CORRECTION]


@pytest.fixture
def category(db):
    return a_category("Rozmowy", templates=list(TEMPLATES))


@pytest.fixture
def told(alice, dana, fundacja, category):
    """A thread that says the secret wherever a thread can say something, and a reply likewise."""
    with time_machine.travel(timezone.now() - timedelta(days=1), tick=False):
        thread = a_thread(
            alice,
            category,
            title=f"Tytuł {SECRET}",
            body=f"Otwarcie {SECRET}",
            voice=fundacja,
            template="partner",
            filled=TEXTS,
        )
        body = f"Odpowiedź {SECRET}, @Dana Mazur, @Fundacja Dobry Start"
        reply = a_reply(alice, thread, body, voice=fundacja)
        an_attachment(alice, reply, name=f"{SECRET}.pdf")
    discussing.edit(author=alice, post=reply, body=f"{body} – poprawione", body_format="markdown")
    discussing.accept(author=alice, post=reply, on=True)
    discussing.save_for_later(author=dana, post=reply)
    a_reaction(dana, reply)
    a_reply(dana, thread, "Nie zgadzam się.", parent=reply)
    return fresh(reply)


@pytest.fixture
def hidden(told, carol, request):
    """Both are hidden."""
    for each in (told, opening_post(told.thread)):
        found(carol, each, getattr(request, "param", Measure.HIDE))
    return fresh(told)


def doors(post):
    """Every address that shows posts or their threads."""
    thread = post.thread_id
    file = post.attachments.get()
    organization = post.organization_id
    return [
        "/",
        "/threads/",
        f"/categories/{post.thread.category_id}/",
        f"/categories/{post.thread.category_id}/?template=partner&fields=orkiestry",
        f"/threads/{thread}/?order=time",
        f"/threads/{thread}/?order=tree",
        f"/threads/{thread}/branches/{post.number}/",
        f"/threads/{thread}/posts/{post.number}/",
        f"/posts/{post.pk}/",
        f"/posts/{post.pk}/reply/",
        f"/posts/{post.pk}/reply/?quote=1",
        f"/posts/{post.pk}/edit/",
        f"/posts/{post.pk}/withdraw/",
        f"/posts/{post.pk}/history/",
        f"/posts/{opening_post(post.thread).pk}/",
        f"/posts/{opening_post(post.thread).pk}/history/",
        f"/threads/{thread}/manage/",
        f"/live/thread.{thread}/changes/?since=0",
        f"/live/category.{post.thread.category_id}/changes/?since=0",
        "/saved/",
        "/drafts/",
        f"/drafts/thread-{thread}/",
        f"/attachments/{file.key}/",
        f"/organizations/{organization}/",
        f"/organizations/{organization}/threads/",
        f"/organizations/{organization}/posts/",
    ]


def reading(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code in {200, 401, 403, 404, 405}, address
    return answer.content.decode(errors="replace")


def leaks(viewer, post):
    client = logged_in(viewer) if viewer else Client()
    return [address for address in doors(post) if SECRET in reading(client, address)]


def test_the_doors_do_show_it_while_it_stands(told, dana):
    showing = leaks(dana, told)
    assert len(showing) >= 15
    assert f"/live/thread.{told.thread_id}/changes/?since=0" in showing
    assert f"/posts/{told.pk}/history/" in showing


@pytest.mark.parametrize("hidden", MEASURES, indirect=True, ids=str)
def test_no_door_shows_it_to_others(hidden, dana, bob):
    for viewer in (None, bob, dana):
        assert leaks(viewer, hidden) == []


def test_staff_who_manages_the_thread_is_not_shown_it_there(hidden, carol):
    # Its history is open to those who work for the forum, and notes that they read it.
    history = {f"/posts/{post.pk}/history/" for post in (hidden, opening_post(hidden.thread))}
    assert set(leaks(carol, hidden)) <= {*history, f"/attachments/{hidden.attachments.get().key}/"}
    notes = AccessNote.objects.filter(reader=carol, what=AccessNote.What.HIDDEN_TEXT)
    assert {note.place for note in notes} == history


def test_the_author_reads_it_on_a_page_of_their_own_with_the_reason(hidden, alice):
    page = reading(logged_in(alice), f"/posts/{hidden.pk}/")
    assert SECRET in page
    decision = hidden_decision(hidden)
    assert f'href="/decisions/{decision.number}/"' in page
    thread = reading(logged_in(alice), f"/threads/{hidden.thread_id}/?order=time")
    assert SECRET not in thread  # fragments are the same for every reader
    assert f'href="/posts/{hidden.pk}/"' in thread


def hidden_decision(post):
    return Decision.objects.restricting("post", post.pk).get()


def test_streams_carry_a_tombstone(hidden):
    for stream, pk in (
        (ThreadStream(), hidden.thread_id),
        (CategoryStream(), hidden.thread.category_id),
    ):
        html = stream.changes(pk, 0).html
        assert html
        assert SECRET not in html
    assert 'data-state="hidden"' in ThreadStream().changes(hidden.thread_id, 0).html


def test_the_tombstone_comes_with_a_number_of_its_own(told, carol):
    seq = fresh(told.thread).seq
    found(carol, told)
    assert fresh(told).seq == fresh(told.thread).seq == seq + 1


def test_its_files_are_for_its_author_and_moderators(hidden, alice, bob, carol, frank):
    address = f"/attachments/{hidden.attachments.get().key}/"
    clients = [Client(), *(logged_in(each) for each in (bob, alice, carol, frank))]
    assert [client.get(address).status_code for client in clients] == [404, 404, 200, 200, 200]


def test_it_calls_nobody(told, carol, dana):
    assert Mention.objects.of(dana).exists()
    found(carol, told)
    assert not Mention.objects.of(dana).exists()


def test_it_is_not_the_answer_of_its_thread(told, carol, dana):
    found(carol, told)
    assert fresh(told.thread).accepted is None
    with pytest.raises(Refused):
        discussing.accept(author=told.author, post=fresh(told), on=True)


def test_what_the_office_said_is_no_position_any_more(carol, frank, starostwo, category, alice):
    thread = a_thread(alice, category)
    reply = a_reply(carol, thread, f"Stanowisko {SECRET}", voice=starostwo)
    assert SECRET in ThreadStream().changes(thread.pk, 0).html
    found(frank, reply)
    assert SECRET not in ThreadStream().changes(thread.pk, 0).html
    assert not fresh(thread).has_official_answer


def test_the_title_is_kept_aside_and_comes_back(told, carol):
    opening = opening_post(told.thread)
    decision = found(carol, opening)
    thread = fresh(told.thread)
    assert SECRET not in thread.title
    assert SECRET in thread.kept_title
    actions.undo(moderator=carol, decision=decision)
    thread = fresh(told.thread)
    assert (thread.title, thread.kept_title) == (f"Tytuł {SECRET}", "")


def test_whoever_started_the_thread_gives_it_no_other_title_meanwhile(hidden, alice):
    assert not rules.may_retitle(alice, fresh(hidden.thread))


def test_it_takes_nothing_more(hidden, alice, dana):
    for rule in (rules.may_react, rules.may_save, rules.may_see_history):
        assert not rule(dana, hidden)
    for rule in (rules.may_edit, rules.may_withdraw):
        assert not rule(alice, hidden)
    assert not rules.may_see_history(AnonymousUser(), hidden)


def test_others_take_it_in_no_export(hidden, dana, alice):
    def export(member):
        answer = just_logged_in(member).get("/account/data/")
        with ZipFile(BytesIO(answer.content)) as packed:
            return packed.read("dane.json").decode()

    assert SECRET not in export(dana)
    own = json.loads(export(alice))["discussions.Post"]["rows"]
    assert sum(SECRET in row["source"] for row in own) == 2


def test_it_moves_hidden(hidden, carol, dana, category):
    other = a_thread(dana, category, title="Druga rozmowa")
    discussing.merge(staff=carol, thread=hidden.thread, into=other)
    assert state_of(hidden) == Post.State.HIDDEN
    assert leaks(dana, fresh(hidden)) == []


def test_a_kept_page_does_not_go_on_showing_it(told, carol, dana, settings):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "hidden"},
    }
    caches["pages"].clear()
    address = f"/threads/{told.thread_id}/?order=time"
    readers = (Client(), logged_in(dana))
    for client in readers:
        assert SECRET in reading(client, address)
        assert SECRET in reading(client, address)
    for each in (told, opening_post(told.thread)):
        found(carol, each)
    for client in readers:
        assert SECRET not in reading(client, address)
