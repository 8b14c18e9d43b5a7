"""The adviser's way: a section, the draft, the preview, the publication."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.moderation.actions import rulebook as actions
from forum.moderation.models import Rulebook, RulebookDraft
from tests.cast import just_logged_in, logged_in

pytestmark = pytest.mark.django_db

DRAFT = reverse("moderation:desk_rules")
ADD = reverse("moderation:desk_rules_add")
PREVIEW = reverse("moderation:desk_rules_preview")
PUBLISH = reverse("moderation:desk_rules_publish")
DISCARD = reverse("moderation:desk_rules_discard")
SECTION = {
    "edition": 0,
    "title": "Zdjęcia",
    "text": "Podaj autora.\n\n- raz\n- dwa",
    "title_en": "Pictures",
    "text_en": "Name who took it.",
    "is_ground": "on",
}


def of(name, anchor):
    return reverse(f"moderation:{name}", args=[anchor])


@pytest.fixture
def first(db):
    return actions.publish_first_rules()


@pytest.fixture
def desk(carol):
    return just_logged_in(carol)


def announcement(**given):
    day = timezone.localdate() + timedelta(days=14)
    return {"edition": 1, "valid_from": day.isoformat(), "note": "Nowy paragraf.", **given}


def test_from_a_section_to_a_published_version(first, desk, client):
    assert "Szacunek w rozmowie" in desk.get(DRAFT).content.decode()
    assert desk.get(ADD).status_code == 200
    response = desk.post(ADD, SECTION)
    assert (response.status_code, response["Location"]) == (303, DRAFT)
    assert "Zdjęcia" in desk.get(DRAFT).content.decode()
    assert "Zdjęcia" not in client.get(reverse("moderation:rules")).content.decode()
    assert "Podaj autora." in desk.get(PREVIEW).content.decode()
    response = desk.post(PUBLISH, announcement(valid_from=timezone.localdate().isoformat()))
    assert (response.status_code, response["Location"]) == (303, "/rules/versions/2/")
    html = client.get(reverse("moderation:rules")).content.decode()
    assert 'id="zdjecia"' in html
    assert "<li><p>raz</p></li>" in html


def test_a_section_is_opened_with_its_words(first, desk):
    html = desk.get(of("desk_rules_section", "respect")).content.decode()
    assert "obrażać, poniżać" in html
    assert "insult, humiliate" in html
    given = {**SECTION, "title": "Szacunek"}
    assert desk.post(of("desk_rules_section", "respect"), given).status_code == 303
    assert actions.sections_of_draft()[0][2].title == "Szacunek"


def test_sections_are_moved_and_left_out_by_buttons(first, desk):
    desk.post(of("desk_rules_move", "respect"), {"edition": 0, "step": "up"})
    assert actions.sections_of_draft()[0][1].anchor == "respect"
    desk.post(of("desk_rules_remove", "respect"), {"edition": 1})
    assert "respect" not in [each.anchor for each in actions.sections_of_draft()[0]]
    assert "Szacunek w rozmowie" in desk.get(DRAFT).content.decode()  # told as left out
    desk.post(DISCARD, {"edition": 2})
    assert not RulebookDraft.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"text": ""}, {"text": "   \u200b"}, {"title": "x" * 121}, {"edition": "x"}],
    ids=["no-title", "no-text", "nothing-seen", "long-title", "no-edition"],
)
def test_bad_sections_are_shown_again(first, desk, wrong):
    response = desk.post(ADD, {**SECTION, **wrong})
    assert response.status_code == 422
    assert not RulebookDraft.objects.exists()


def test_who_saves_over_a_newer_draft_is_told_and_loses_nothing(first, desk):
    desk.post(of("desk_rules_section", "respect"), SECTION)
    given = {**SECTION, "text": "Inny tekst."}
    response = desk.post(of("desk_rules_section", "respect"), given)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Inny tekst." in html  # what was typed
    assert "Podaj autora." in html  # what the draft says by now
    assert 'name="edition" value="1"' in html  # saving it again is meant
    assert (
        desk.post(of("desk_rules_section", "respect"), {**given, "edition": 1}).status_code == 303
    )


@pytest.mark.parametrize(
    "address", [DISCARD, of("desk_rules_move", "topic"), of("desk_rules_remove", "topic")]
)
def test_buttons_of_an_older_page_change_nothing(first, desk, address):
    desk.post(ADD, SECTION)
    assert desk.post(address, {"edition": 0, "step": "up"}).status_code == 409
    assert desk.post(address, {"step": "up"}).status_code == 422
    assert RulebookDraft.objects.get().edition == 1


@pytest.mark.parametrize(
    "wrong",
    [{"valid_from": ""}, {"valid_from": "jutro"}, {"note": ""}, {"note": "x" * 501}],
    ids=["no-day", "no-date", "no-note", "long-note"],
)
def test_bad_announcements_are_shown_again(first, desk, wrong):
    desk.post(ADD, SECTION)
    assert desk.post(PUBLISH, announcement(**wrong)).status_code == 422
    assert Rulebook.objects.count() == 1


def test_a_day_that_has_passed_is_refused_with_the_reason(first, desk):
    desk.post(ADD, SECTION)
    response = desk.post(PUBLISH, announcement(valid_from="2020-01-01"))
    assert response.status_code == 409
    assert "Nowy paragraf." in response.content.decode()
    assert Rulebook.objects.count() == 1


def test_the_preview_of_a_draft_changed_meanwhile_is_shown_again(first, desk):
    desk.post(ADD, SECTION)
    desk.post(of("desk_rules_move", "topic"), {"edition": 1, "step": "up"})
    response = desk.post(PUBLISH, announcement())
    assert response.status_code == 409
    assert 'name="edition" value="2"' in response.content.decode()


@pytest.mark.parametrize("name", ["desk_rules_section", "desk_rules_move", "desk_rules_remove"])
def test_a_section_that_there_is_not(first, desk, name):
    assert desk.post(of(name, "no-such"), {"edition": 0}).status_code == 404


DOORS = [DRAFT, ADD, PREVIEW, of("desk_rules_section", "topic")]
BUTTONS = [PUBLISH, DISCARD, of("desk_rules_move", "topic"), of("desk_rules_remove", "topic")]


@pytest.mark.parametrize("address", [*DOORS, *BUTTONS])
def test_the_editor_is_the_staffs(first, client, alice, address):
    method = "get" if address in DOORS else "post"
    assert "/accounts/login/" in getattr(client, method)(address)["Location"]
    assert getattr(logged_in(alice), method)(address).status_code == 403


@pytest.mark.parametrize("address", [*DOORS, *BUTTONS])
def test_staff_proves_anew_who_they_are(first, carol, address):
    method = "get" if address in DOORS else "post"
    response = getattr(logged_in(carol), method)(address)
    assert response.status_code == 302
