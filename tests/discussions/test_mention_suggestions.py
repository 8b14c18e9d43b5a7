"""The list of names behind "@": whom it finds, in which order, and what it never tells."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from forum.categories.models import Category
from forum.categories.rules import who_may_read
from forum.discussions import suggestions
from forum.discussions.views import mentions as door
from tests.cast import a_mandate, a_member, logged_in
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob, title="Lokal")


@pytest.fixture
def closed(carol):
    """A thread that only the staff reads."""
    return a_thread(carol, a_category(readers=Category.Readers.STAFF))


def ask(member, **query):
    answer = logged_in(member).get(reverse("discussions:mentions"), query)
    return [each["name"] for each in json.loads(answer.content).get("found", [])]


def test_any_word_of_a_name_is_found_without_polish_letters(alice, bob, carol, orlik, thread):
    a_member("Łukasz", "Żółć")
    assert ask(alice, q="lukasz", thread=thread.pk) == ["Łukasz Żółć"]
    assert ask(alice, q="ZOL", thread=thread.pk) == ["Łukasz Żółć"]
    assert ask(alice, q="kow bo", thread=thread.pk) == ["Bob Kowalski"]
    assert ask(alice, q="brwinow", thread=thread.pk) == ["UKS Orlik Brwinów"]
    assert ask(alice, q="powiat", thread=thread.pk) == ["Starostwo"]  # by its full name
    assert ask(alice, q="nikt taki", thread=thread.pk) == []


def test_who_writes_in_the_thread_comes_first_and_oneself_never(alice, bob, dana, thread):
    everybody = ask(alice, thread=thread.pk)
    assert everybody[0] == "Bob Kowalski"
    assert "Alice Nowak" not in everybody
    a_reply(dana, thread)
    assert ask(alice, thread=thread.pk)[:2] == ["Bob Kowalski", "Dana Mazur"]


def test_two_of_one_name_are_told_apart_by_their_organizations(alice, bob, orlik, thread):
    other = User.objects.create_user("inny@example.org", display_name="Bob Kowalski")
    a_mandate(other, orlik)
    answer = logged_in(alice).get(
        reverse("discussions:mentions"), {"q": "bob", "thread": thread.pk}
    )
    found = {(each["key"], each["about"]) for each in answer.json()["found"]}
    assert found == {(f"member-{bob.pk}", ""), (f"member-{other.pk}", "UKS Orlik Brwinów")}


def test_the_list_names_only_who_may_read_and_no_suspended_member(alice, bob, carol, erin, closed):
    second = a_member("Celina", "Nowak")
    second.is_staff = True
    second.save()
    assert "Celina Nowak" in ask(carol, thread=closed.pk)
    assert "Bob Kowalski" not in ask(carol, q="bob", thread=closed.pk)
    open_thread = a_thread(bob)
    assert ask(carol, q="bob", thread=open_thread.pk) == ["Bob Kowalski"]
    assert ask(carol, q="erin", thread=open_thread.pk) == []


def test_nothing_of_addresses_is_in_the_answer(alice, bob, thread):
    answer = logged_in(alice).get(
        reverse("discussions:mentions"), {"q": "bob@example.org", "thread": thread.pk}
    )
    assert answer.json() == {"found": []}
    whole = logged_in(alice).get(reverse("discussions:mentions"), {"thread": thread.pk})
    assert "Bob" in whole.content.decode()
    assert "example.org" not in whole.content.decode()


def test_a_place_for_a_new_thread_is_a_category(alice, bob, carol, closed):
    assert "Bob Kowalski" in ask(alice, category=a_category().pk)
    address = reverse("discussions:mentions")
    assert logged_in(alice).get(address, {"category": closed.category_id}).status_code == 404


@pytest.mark.parametrize("who", ["guest", "bob", "erin"])
def test_strangers_learn_nothing(who, bob, erin, closed):
    browser = Client() if who == "guest" else logged_in({"bob": bob, "erin": erin}[who])
    answer = browser.get(reverse("discussions:mentions"), {"thread": closed.pk, "q": "c"})
    assert answer.status_code == (404 if who == "bob" else 401)
    assert "Carol" not in answer.content.decode()


@pytest.mark.parametrize("wrong", ["", "0", "-1", "x", "9" * 40, "1;DROP"])
def test_a_wrong_place_is_not_found(alice, wrong):
    address = reverse("discussions:mentions")
    for name in ("thread", "category"):
        assert logged_in(alice).get(address, {name: wrong}).status_code == 404
    assert logged_in(alice).get(address).status_code == 404


def test_a_strange_wish_is_answered(alice, thread):
    for wish in ("\x00", "%", "_", "'", "@" * 500, "ż" * 5_000, "[", "\\"):
        assert ask(alice, q=wish, thread=thread.pk) is not None


def test_who_asks_too_often_is_told_so(alice, thread, monkeypatch):
    monkeypatch.setattr(door, "LOOKS_PER_MINUTE", 2)
    browser, address = logged_in(alice), reverse("discussions:mentions")
    codes = [browser.get(address, {"thread": thread.pk}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_the_door_costs_the_same_however_many_members_there_are(
    alice, bob, thread, django_assert_num_queries
):
    browser, address = logged_in(alice), reverse("discussions:mentions")
    User.objects.bulk_create(
        User(email=f"m{n}@example.org", display_name=f"Maria Lis{n}") for n in range(300)
    )
    with django_assert_num_queries(7):  # two of them for the session and its member
        answer = browser.get(address, {"thread": thread.pk, "q": "maria"})
    assert len(answer.json()["found"]) == suggestions.SHOWN


def test_who_may_read_agrees_with_the_verb_for_lists(alice, bob, carol, dana, erin, fundacja):
    everybody = [alice, bob, carol, dana, erin]
    count = 0
    for parent_readers in (None, *Category.Readers.values):
        parent = a_category(readers=parent_readers) if parent_readers else None
        for readers in Category.Readers.values:
            category = a_category(readers=readers, parent=parent)
            for each in filter(None, (parent, category)):
                each.organizations.add(fundacja)
            may = set(who_may_read(category))
            lists = {
                member
                for member in everybody
                if member.is_active
                and Category.objects.readable_by(member).filter(pk=category.pk).exists()
            }
            assert may == lists
            count += len(may)
    assert 0 < count < len(everybody) * 20
