"""The list, the tray, the settings and the link of a mail: what they show, and to whom."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from forum.categories.models import Category
from forum.notifications import listing
from forum.notifications.actions import read_all
from forum.notifications.links import change_url, change_url_of
from forum.notifications.models import Follow, Notification, Preference
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread
from tests.notifications.world import titles, told, unread, work

pytestmark = pytest.mark.django_db

LIST = "/notifications/"


@pytest.fixture
def thread(bob):
    return a_thread(bob, title="Sala we wtorki")


@pytest.fixture
def three(alice, bob, thread):
    for _ in range(3):
        a_reply(alice, thread, "Jest podjazd i winda.")
    work()
    return Notification.objects.get(user=bob)


def page(member, address=LIST, status=200):
    response = logged_in(member).get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_is_grouped_by_thread(bob, alice, three):
    a_reply(alice, three and a_thread(bob, title="Druga sprawa"))
    work()
    html = page(bob)
    heads = re.findall(r'<h3 lang="pl"><a href="[^"]+">([^<]+)</a>', html)
    assert heads == ["Druga sprawa", "Sala we wtorki"]
    assert "3 nowe odpowiedzi" in html
    assert "Jest podjazd i winda." in html


def test_each_member_sees_their_own(alice, bob, dana, three):
    assert "Sala we wtorki" in page(bob)
    for other in (alice, dana):
        assert "Sala we wtorki" not in page(other)


def test_the_bell_counts_on_every_page(bob, three, thread):
    for address in ("/", LIST, thread.get_absolute_url(), "/account/"):
        html = page(bob, address)
        assert 'data-count="1"' in html
        assert f'data-streams="member.{bob.pk}:3"' in html


def test_a_guest_has_no_bell_and_no_list(thread):
    client = Client()
    assert "<notification-bell" not in client.get("/").content.decode()
    for name in ("list", "tray", "settings"):
        response = client.get(reverse(f"notifications:{name}"))
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("read/", 0),
        ("{pk}/read/", 0),
        ("places/{place}/read/", 0),
    ],
    ids=["all", "one", "place"],
)
def test_the_buttons_work_without_scripts(bob, three, address, left):
    client = logged_in(bob)
    address = LIST + address.format(pk=three.pk, place=three.place)
    response = client.post(address, {"next": f"{LIST}?filter=unread"})
    assert (response.status_code, response["Location"]) == (303, f"{LIST}?filter=unread")
    assert unread(bob) == left
    assert client.get(address).status_code == 405
    answer = client.post(address, headers={"X-Fragment": "1"})
    assert answer.json() == {"unread": left}


def test_one_is_marked_unread_again_by_its_button(bob, three):
    read_all(member=bob)
    assert logged_in(bob).post(f"{LIST}{three.pk}/unread/").status_code == 303
    assert unread(bob) == 1


@pytest.mark.parametrize("verb", ["read", "unread"])
def test_the_notification_of_another_is_not_there(alice, three, verb):
    assert logged_in(alice).post(f"{LIST}{three.pk}/{verb}/").status_code == 404


@pytest.mark.parametrize("next_page", ["https://obcy.example.org/", "//obcy.example.org", "x"])
def test_the_way_back_is_ours(bob, three, next_page):
    response = logged_in(bob).post(f"{LIST}read/", {"next": next_page})
    assert "obcy" not in response["Location"]


def test_unread_only(bob, alice, three):
    read_all(member=bob)
    a_reply(alice, a_thread(bob, title="Druga sprawa"))
    work()
    html = page(bob, f"{LIST}?filter=unread")
    assert "Druga sprawa" in html
    assert "Sala we wtorki" not in html


def test_pages_by_keyset_show_every_group_once(alice, bob, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    made = [a_thread(bob, title=f"Sprawa {number}") for number in range(8)]
    for thread in made:
        a_reply(alice, thread)
        work()
    seen, address = [], LIST
    while address:
        html = page(bob, address)
        seen += re.findall(r">(Sprawa \d)</a></h3>", html)
        later = re.search(r'href="([^"]+)" rel="next"', html)
        address = later[1].replace("&amp;", "&") if later else ""
    assert seen == [f"Sprawa {number}" for number in reversed(range(8))]


@pytest.mark.parametrize("before", ["x", "1_", "_", "9" * 40 + "_1", "-1_-1"])
def test_a_made_up_place_in_the_list_is_no_failure(bob, three, before):
    page(bob, f"{LIST}?before={before}")


def test_the_list_costs_the_same_for_many(alice, bob, django_assert_max_num_queries):
    costs = []
    for count in (2, 8):
        for _ in range(count):
            a_reply(alice, a_thread(bob))
        work()
        client = logged_in(bob)
        with django_assert_max_num_queries(12) as captured:
            client.get(LIST)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_the_tray_shows_the_newest_with_its_number(bob, three):
    html = page(bob, "/notifications/tray/")
    assert 'data-seq="3"' in html
    assert "3 nowe odpowiedzi" in html
    assert "<html" not in html


def test_what_may_not_be_read_any_more_is_on_no_page(bob, three, thread):
    Category.objects.filter(pk=thread.category_id).update(readers=Category.Readers.STAFF)
    for address in (LIST, "/notifications/tray/", "/notifications/settings/"):
        assert "Sala we wtorki" not in page(bob, address)
    assert "Sala we wtorki" not in page(bob, change_url(three), status=404)


# --- Levels and presets ---------------------------------------------------------------------------
def test_the_page_of_a_thread_says_why_one_follows(alice, bob, dana, thread):
    a_reply(alice, thread)
    html = {each: page(each, thread.get_absolute_url()) for each in (alice, bob, dana)}
    assert "Obserwujesz ten wątek, bo jest w nim Twój wpis." in html[alice]
    assert "Obserwujesz ten wątek, bo jest Twój." in html[bob]
    assert "obowiązują ogólne ustawienia powiadomień" in html[dana]
    assert "Obserwujesz ten wątek" not in Client().get(thread.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["thread", "category", "organization"])
def test_the_level_is_chosen_on_the_page(dana, fundacja, thread, kind):
    pages = {
        "thread": (thread.pk, thread.get_absolute_url()),
        "category": (thread.category_id, f"/categories/{thread.category_id}/"),
        "organization": (fundacja.pk, fundacja.get_absolute_url()),
    }
    pk, address = pages[kind]
    form = f"/notifications/places/{kind}.{pk}/follow/"
    assert form in page(dana, address)
    response = logged_in(dana).post(form, {"level": "muted"})
    assert (response.status_code, response["Location"]) == (303, address)
    row = Follow.objects.get(user=dana)
    assert (row.place, row.level, row.why) == (f"{kind}.{pk}", "muted", "chose")
    assert "Wyciszone" in page(dana, address)


def test_a_level_that_is_none_is_refused(dana, thread):
    form = f"/notifications/places/thread.{thread.pk}/follow/"
    assert logged_in(dana).post(form, {"level": "loud"}).status_code == 422
    assert not Follow.objects.filter(user=dana).exists()


@pytest.mark.parametrize("place", ["thread.999", "planet.1"])
def test_what_is_not_there_is_not_followed(dana, place):
    response = logged_in(dana).post(
        f"/notifications/places/{place}/follow/", {"level": "everything"}
    )
    assert response.status_code == 404


def test_what_may_not_be_read_is_not_followed(bob, carol):
    secret = a_thread(carol, a_category(readers=Category.Readers.STAFF))
    form = f"/notifications/places/thread.{secret.pk}/follow/"
    assert logged_in(bob).post(form, {"level": "everything"}).status_code == 404
    assert logged_in(carol).post(form, {"level": "everything"}).status_code == 303


def test_a_preset_is_chosen_and_shown(bob, thread):
    client = logged_in(bob)
    html = client.get("/notifications/settings/").content.decode()
    assert 'value="concerning" checked' in html
    assert "Sala we wtorki" in html
    chosen = {"preset": "letter", "has_sound": "on"}
    assert client.post("/notifications/settings/", chosen).status_code == 303
    row = Preference.objects.get(user=bob)
    assert (row.preset, row.has_sound) == ("letter", True)
    html = client.get("/notifications/settings/").content.decode()
    assert 'value="letter" checked' in html
    assert "data-sound" in html
    assert client.post("/notifications/settings/", {"preset": "x"}).status_code == 200
    assert Preference.objects.get(user=bob).preset == "letter"


def test_the_link_of_a_notification_changes_exactly_its_place(alice, bob, three, thread):
    link = change_url(three)
    guest = Client()
    html = guest.get(link).content.decode()
    assert "Sala we wtorki" in html
    assert Follow.objects.get(user=bob).level == "everything"  # looking changes nothing
    assert guest.post(link, {"level": "muted"}).status_code == 303
    assert Follow.objects.get(user=bob).level == "muted"
    assert "Wybór został zapisany." in guest.get(f"{link}?done=1").content.decode()
    a_reply(alice, thread)
    assert told(bob) == [("reply", 3)]


def test_a_link_that_was_not_made_here_leads_nowhere(bob, three):
    link = change_url(three)
    for wrong in (link[:-2] + "/", "/notifications/change/x/", link.replace(":", ";")):
        assert Client().post(wrong, {"level": "muted"}).status_code == 404
    assert Follow.objects.get(user=bob).level == "everything"


def test_the_link_of_a_suspended_member_leads_nowhere(erin, thread):
    link = change_url_of(erin.pk, f"thread.{thread.pk}")
    assert Client().get(link).status_code == 404


def test_titles_helper_agrees_with_the_page(bob, three):
    assert titles(bob)[0] in page(bob)
