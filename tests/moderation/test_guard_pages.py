"""The page of the guards: settings, the list of words, and the field to try them."""

import pytest
from django.test import Client
from django.urls import reverse

from forum.lib.answers import Refused
from forum.moderation.actions import guarding
from forum.moderation.models import GuardSettings, ListedWord
from tests.cast import just_logged_in, logged_in

pytestmark = pytest.mark.django_db

PAGE = "/desk/guards/"
NUMBERS = {
    "holds_first_texts": "on",
    "newcomer_days": "30",
    "newcomer_links": "1",
    "newcomer_texts_an_hour": "3",
    "repeat_hours": "0",
    "slowed_minutes": "120",
}
DOORS = {
    "guards": ("get", []),
    "guards_set": ("post", []),
    "guards_try": ("post", []),
    "guards_list": ("post", []),
    "guards_unlist": ("post", [1]),
}


@pytest.fixture
def desk(carol):
    return just_logged_in(carol)


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_a_forum_begins_as_its_operator_says(settings):
    assert not GuardSettings.current().holds_first_texts
    settings.GUARD_NEWCOMERS = True
    begun = GuardSettings.current()
    assert (begun.holds_first_texts, begun.newcomer_days) == (True, 14)
    assert not GuardSettings.objects.exists()


def test_the_adviser_changes_the_settings(desk):
    assert desk.post(reverse("moderation:guards_set"), NUMBERS).status_code == 303
    current = GuardSettings.current()
    assert (current.holds_first_texts, current.newcomer_days) == (True, 30)
    assert (current.repeat_hours, current.slowed_minutes) == (0, 120)
    off = {name: value for name, value in NUMBERS.items() if name != "holds_first_texts"}
    desk.post(reverse("moderation:guards_set"), off)
    assert not GuardSettings.current().holds_first_texts
    assert GuardSettings.objects.count() == 1


@pytest.mark.parametrize("wrong", ["-1", "", "x", "99999999"])
def test_what_is_no_number_is_said(desk, wrong):
    wish = NUMBERS | {"newcomer_days": wrong}
    page = html(desk.post(reverse("moderation:guards_set"), wish), 422)
    assert 'aria-invalid="true"' in page
    assert not GuardSettings.objects.exists()


def test_a_word_is_listed_once_and_taken_off(desk, carol):
    address = reverse("moderation:guards_list")
    assert desk.post(address, {"words": " Pożycz* ", "note": "lichwa"}).status_code == 303
    entry = ListedWord.objects.get()
    assert (entry.words, entry.folded, entry.note, entry.added_by) == (
        "Pożycz*",
        "pozycz*",
        "lichwa",
        carol,
    )
    desk.post(address, {"words": "POZYCZ*"})
    assert ListedWord.objects.count() == 1
    page = html(desk.get(PAGE))
    assert "Pożycz*" in page
    assert "lichwa" in page
    for _ in range(2):
        assert desk.post(reverse("moderation:guards_unlist", args=[entry.pk])).status_code == 303
    assert not ListedWord.objects.exists()


@pytest.mark.parametrize("words", ["", "***", "—", "x" * 81])
def test_what_is_no_word_is_not_listed(desk, words):
    assert desk.post(reverse("moderation:guards_list"), {"words": words}).status_code == 422
    assert not ListedWord.objects.exists()


def test_the_list_has_an_end(carol, monkeypatch):
    monkeypatch.setattr(guarding, "WORDS_ON_THE_LIST", 2)
    guarding.list_word(staff=carol, words="jeden")
    guarding.list_word(staff=carol, words="dwa")
    with pytest.raises(Refused):
        guarding.list_word(staff=carol, words="trzy")


def test_the_field_shows_what_would_stop_a_text(desk, carol):
    guarding.list_word(staff=carol, words="pożycz*")
    guarding.list_word(staff=carol, words="kup teraz")
    address = reverse("moderation:guards_try")
    text = "Tanie POŻYCZKI, tel. 501 234 567 <b>"
    page = html(desk.post(address, {"text": text}))
    found = page.split('id="words"')[0]
    assert "pożycz*" in found
    assert "kup teraz" not in found
    assert "501 234 567" in found
    assert "&lt;b&gt;" in found
    quiet = html(desk.post(address, {"text": "Zebranie w środę."})).split('id="words"')[0]
    assert 'data-tone="success"' in quiet
    assert desk.post(address, {"text": ""}).status_code == 422


@pytest.mark.parametrize("name", sorted(DOORS))
def test_only_the_staff_comes_in(name, bob, erin):
    method, args = DOORS[name]
    address = reverse(f"moderation:{name}", args=args)
    assert "/login/" in getattr(Client(), method)(address)["Location"]
    assert getattr(logged_in(bob), method)(address).status_code == 403
    assert getattr(logged_in(erin), method)(address).status_code in (302, 403)


@pytest.mark.parametrize("name", sorted(set(DOORS) - {"guards"}))
def test_nothing_is_changed_by_looking(name, desk):
    assert desk.get(reverse(f"moderation:{name}", args=DOORS[name][1])).status_code == 405


def test_the_actions_ask_themselves(bob):
    for deed in (
        lambda: guarding.list_word(staff=bob, words="słowo"),
        lambda: guarding.unlist_word(staff=bob, pk=1),
        lambda: guarding.set_guards(staff=bob, changes={"newcomer_days": 0}),
    ):
        with pytest.raises(Refused):
            deed()
