"""A page shared by many readers is, for each of them, the page rendered for them alone."""

import random
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_profile
from accounts.rules import voices_of
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.actions import drafting
from forum.discussions.actions.drafting import Text
from forum.discussions.drafts import context_of
from forum.discussions.models import Draft, HeldText
from forum.discussions.views import thread_pages
from forum.lib import fragments, shared_pages
from forum.lib.ranges import Ranges
from tests.cast import a_mandate, an_organization, logged_in
from tests.discussions.attaching_world import unsent
from tests.discussions.sharing import plain
from tests.factories import a_reaction, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db


def page(browser, thread, **query):
    return plain(browser.get(thread.get_absolute_url(), query))


def assert_shared_is_alone(sharing, browser, thread, **query):
    """The page once from sharing (rendered and kept), once alone: in nothing do they differ."""
    shared = [page(browser, thread, **query) for _ in range(2)]
    sharing(False)
    alone = page(browser, thread, **query)
    sharing(True)
    assert shared == [alone, alone]
    return alone


@pytest.fixture
def talk(alice, bob, carol, starostwo):
    thread = a_thread(bob, title="Sala <na> spotkania & próby")
    for author in (alice, bob, carol, alice):
        root = a_reply(author, thread, voice=starostwo if author == carol else None)
        for _ in range(4):
            a_reply(bob, thread, parent=root)
    a_reaction(alice, root) if root.author != alice else a_reaction(bob, root)
    thread.refresh_from_db()
    return thread


@pytest.fixture
def readers(alice, bob, carol, dana, erin):
    """Browsers: a guest, a representative, whoever began the thread, staff, a proxy, suspended."""
    members = (alice, bob, carol, dana, erin)
    return {"guest": Client()} | {each.display_name: logged_in(each) for each in members}


def test_the_page_is_shared_for_everybody_and_nothing_gives_it_away(sharing, readers, talk, caplog):
    """Whoever adds something personal to the page puts it into an own block, or this fails."""
    for browser in readers.values():
        for order in ("tree", "time"):
            assert_shared_is_alone(sharing, browser, talk, order=order)
    assert not caplog.records
    kept = [caches["pages"].get(key.split(":", 2)[2]) for key in list(caches["pages"]._cache)]
    pages = [each for each in kept if not isinstance(each, str)]
    # In each order: guests, members, the starter of the thread, staff.
    assert len(pages) == 8


def test_a_personal_name_outside_of_an_own_block_is_found(rf):
    given_away = shared_pages.SharedPage.render(
        "discussions/_react_form.html",
        shared_pages.Address(a_request(rf)),
        {"reader": {"is_authenticated": True}},
        {"react_voice"},
    ).given_away
    assert not given_away
    given_away = shared_pages.SharedPage.render(
        "discussions/_reactors.html",
        shared_pages.Address(a_request(rf)),
        {"reader": {"is_authenticated": True}},
        {"post"},
    ).given_away
    assert given_away == {"post"}


def keep_a_draft(member, thread, body="Zaczęte", **fields):
    draft = Draft.objects.filter(user=member, context=context_of(thread)).first()
    text = Text(body=body, body_format="markdown", **fields)
    version = draft.version if draft else 0
    drafting.keep(user=member, context=context_of(thread), version=version, text=text)


def a_request(rf):
    request = rf.get("/")
    request.resolver_match = None
    return request


def test_what_is_given_away_is_rendered_alone(sharing, alice, talk, monkeypatch, caplog):
    """A page that asks for something personal outside of an own block is nobody else's page."""
    monkeypatch.setattr(thread_pages, "OWN_NAMES", {"may_manage"})
    monkeypatch.setattr(thread_pages.Standing, "names", lambda self: {"may_reply": self.may_reply})
    assert_shared_is_alone(sharing, logged_in(alice), talk)
    assert "may_manage" in caplog.text
    assert not caches["pages"]._cache


def test_each_members_page_is_their_own(sharing, alice, bob, dana, talk):
    actions.save_for_later(author=alice, post=opening_post(talk), note="")
    actions.mark_read(user=alice, thread=talk, numbers=Ranges.of([1, 2]))
    found = {}
    for member in (alice, bob, dana, alice):
        html = page(logged_in(member), talk)
        found.setdefault(member.pk, html)
        assert html == found[member.pk]
        assert f'data-viewer="{member.pk}"' in html
        for other in {alice, bob, dana} - {member}:
            assert other.email not in html
            assert f'data-viewer="{other.pk}"' not in html
    assert f'data-saved="{opening_post(talk).pk}"' in found[alice.pk]
    assert 'data-saved=""' in found[dana.pk]
    assert "Fundacja Dobry Start</option>" in found[alice.pk]
    assert "UKS Orlik Brwinów</option>" in found[dana.pk]
    assert "</option>" not in found[bob.pk]


def test_every_answer_has_its_own_nonce_token_and_mark(sharing, alice, talk):
    found = {"nonce": set(), "token": set(), "once": set()}
    for _ in range(3):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(alice)
        response = browser.get(talk.get_absolute_url())
        html = response.content.decode()
        nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])[1]
        assert set(re.findall(r'nonce="([^"]+)"', html)) == {nonce}
        (token,) = set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', html))
        (once,) = re.findall(r'name="once" value="([\w-]+)"', html)
        body = {"body": "Tak.", "body_format": "markdown", "once": once, "draft": "0"}
        sent = {**body, "csrfmiddlewaretoken": token}
        assert browser.post(reverse("discussions:reply", args=[talk.pk]), sent).status_code == 303
        for name, value in (("nonce", nonce), ("token", token), ("once", once)):
            found[name].add(value)
    assert {name: len(values) for name, values in found.items()} == dict.fromkeys(found, 3)
    assert talk.posts.filter(source="Tak.").count() == 3


def test_rights_lost_and_won_show_on_the_next_page(sharing, alice, bob, carol, talk):
    browser = logged_in(alice)
    assert 'id="composer"' in page(browser, talk)
    assert "Fundacja Dobry Start</option>" in page(browser, talk)
    alice.mandates.update(revoked_at=timezone.now())
    assert "</option>" not in assert_shared_is_alone(sharing, browser, talk)
    actions.close(staff=carol, thread=talk, on=True)
    closed = assert_shared_is_alone(sharing, browser, talk)
    assert 'id="composer"' not in closed
    Category.objects.update(readers=Category.Readers.STAFF)
    assert browser.get(talk.get_absolute_url()).status_code == 404
    assert logged_in(carol).get(talk.get_absolute_url()).status_code == 200
    browser.logout()
    assert browser.get(talk.get_absolute_url()).status_code == 404


def test_a_member_logged_out_elsewhere_gets_the_guests_page(sharing, alice, talk):
    browser = logged_in(alice)
    assert alice.email in page(browser, talk)
    alice.is_active = False
    alice.save()
    assert page(browser, talk) == page(Client(), talk)


def test_a_draft_and_a_message_are_on_their_owners_page_only(sharing, alice, bob, talk):
    page(logged_in(bob), talk)
    keep_a_draft(alice, talk, "Zaczęte wczoraj")
    for _ in range(2):
        assert "Zaczęte wczoraj" in page(logged_in(alice), talk)
        assert "Zaczęte wczoraj" not in page(logged_in(bob), talk)
        assert "Zaczęte wczoraj" not in page(Client(), talk)
    browser = logged_in(alice)
    browser.post(reverse("discussions:discard", args=[context_of(talk)]))
    message = "Ten szkic w międzyczasie się zmienił."
    assert message in page(browser, talk)
    assert message not in page(browser, talk)
    assert message not in page(logged_in(bob), talk)


def test_a_guests_first_visit_leaves_no_session(sharing, talk):
    browser = Client()
    for _ in range(2):
        response = browser.get(talk.get_absolute_url())
        assert response.status_code == 200
        assert "sessionid" not in response.cookies
    assert "sessionid" not in browser.cookies
    assert "Cookie" in response["Vary"]


def test_what_a_shared_page_costs(sharing, alice, bob, talk, django_assert_num_queries):
    """A guest: the thread they may read. A member: session, user, thread, what they have there,
    read mark; whoever speaks for others also the voices, and the one used last there."""
    browsers = {"guest": Client(), "bob": logged_in(bob), "alice": logged_in(alice)}
    costs = {"guest": 1, "bob": 5, "alice": 7}
    for who, browser in browsers.items():
        for _ in range(2):
            page(browser, talk)
        with django_assert_num_queries(costs[who]):
            page(browser, talk)
    keep_a_draft(bob, talk)
    actions.save_for_later(author=bob, post=opening_post(talk), note="")
    with django_assert_num_queries(costs["bob"] + 2):
        assert "Zaczęte" in page(browsers["bob"], talk)


def test_a_page_with_a_draft_is_the_page_that_others_share(sharing, alice, bob, talk, caplog):
    """Whatever was begun stands in own blocks: nothing is rendered anew but these."""
    browser = logged_in(bob)
    for _ in range(2):  # at first no names were counted yet
        page(browser, talk)
    kept = len(caches["pages"]._cache)
    assert kept
    keep_a_draft(bob, talk, parent_number=2, is_about_office=True)
    unsent(bob, talk, name="statut.pdf")
    html = assert_shared_is_alone(sharing, browser, talk)
    for begun in ("Zaczęte", "statut.pdf", 'name="parent" value="2"', 'value="1" checked'):
        assert begun in html
        assert begun not in page(logged_in(alice), talk)
    assert len(caches["pages"]._cache) == kept + 1  # of alice, who did not begin the thread
    assert not caplog.records


def a_held_reply(member, thread):
    """A reply that waits, without the guards that would hold the others, too."""
    text = {"source": "Poczekam", "source_format": "markdown", "html": "<p>Poczekam</p>"}
    HeldText.objects.create(author=member, context=context_of(thread), thread=thread, **text)


class Life:
    """What people do in one thread, step by random step."""

    def __init__(self, thread, members, staff, chance):
        self.thread, self.members, self.staff, self.chance = thread, members, staff, chance

    def step(self):
        self.thread.refresh_from_db()
        self.member = self.chance.choice(self.members)
        self.member.refresh_from_db()
        standing = self.thread.posts.filter(state="published", number__gt=1)
        self.post = self.chance.choice(list(standing))
        steps = [getattr(self, name) for name in sorted(vars(Life)) if name.startswith("then_")]
        self.chance.choice(steps)()

    def then_reply(self):
        if not self.thread.is_closed:
            a_reply(self.member, self.thread, parent=self.post)

    def then_read(self):
        numbers = self.chance.sample(range(1, self.thread.last_number + 1), 9)
        actions.mark_read(user=self.member, thread=self.thread, numbers=Ranges.of(sorted(numbers)))

    def then_unread(self):
        actions.mark_unread(user=self.member, thread=self.thread, number=self.post.number)

    def then_save(self):
        actions.save_for_later(author=self.member, post=self.post)

    def then_react(self):
        if self.post.author != self.member:
            a_reaction(self.member, self.post)

    def then_accept(self):
        actions.accept(author=self.staff, post=self.post, on=True)

    def then_withdraw(self):
        actions.withdraw(author=self.post.author, post=self.post)

    def then_edit(self):
        text = f"Po zmianie {self.chance.random()}"
        actions.edit(author=self.post.author, post=self.post, body=text, body_format="markdown")

    def then_close_or_open(self):
        actions.close(staff=self.staff, thread=self.thread, on=not self.thread.is_closed)

    def then_retitle(self):
        title = f"Tytuł <{self.chance.random()}>"
        actions.retitle(author=self.staff, thread=self.thread, title=title)

    def then_speak_for(self):
        organization = an_organization(f"Koło {self.chance.random()}", "association")
        a_mandate(self.member, organization)
        self.member.last_voice = organization
        self.member.save()

    def then_begin_to_write(self):
        voice = self.chance.choice([None, *voices_of(self.member)])
        is_about_office = self.chance.random() < 0.5
        fields = {"organization": voice, "is_about_office": is_about_office}
        number = self.chance.choice([None, self.post.number])
        keep_a_draft(self.member, self.thread, "Za **chwilę**", parent_number=number, **fields)

    def then_attach(self):
        unsent(self.member, self.thread, name=f"plik {self.chance.random()}.pdf")

    def then_wait_for_a_moderator(self):
        if not self.thread.is_closed:
            a_held_reply(self.member, self.thread)

    def then_be_renamed(self):
        name, language = f"Imię {self.chance.random()}", self.chance.choice(["pl", "en"])
        change_profile(member=self.member, display_name=name, language=language)
        # What `forget_names` does at the commit, which a test never reaches.
        caches["fragments"].set(fragments.NAMES, self.chance.random())


@pytest.mark.parametrize("seed", range(4))
def test_random_lives_of_a_thread(sharing, readers, talk, alice, bob, carol, dana, seed):
    """After any sequence of what people do, every reader's shared page is their page alone."""
    chance = random.Random(seed)
    life = Life(talk, [alice, bob, carol, dana], carol, chance)
    now = timezone.now()
    for number in range(10):
        with time_machine.travel(now + timedelta(minutes=25 * number), tick=False):
            life.step()
            for browser in chance.sample(list(readers.values()), 3):
                order = chance.choice(["tree", "time"])
                # The first look begins a visit, and may move the line of what is new.
                page(browser, talk, order=order)
                assert_shared_is_alone(sharing, browser, talk, order=order)
