"""The page of the rules: today's, the earlier ones, and what changed between two."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.moderation.actions import rulebook as actions
from forum.moderation.actions.rulebook import Announcement, Words
from forum.moderation.models import Rulebook
from tests.cast import logged_in

pytestmark = pytest.mark.django_db

RULES = reverse("moderation:rules")


@pytest.fixture
def first(db):
    return actions.publish_first_rules()


def publish_another(carol, *, days=0, text="Nie wolno obrażać.", text_en=""):
    newest = Rulebook.objects.order_by("-version").first()
    title = newest.sections.get(anchor="respect").title
    words = Words(title, text, "Respect", text_en, True)
    actions.write_section(editor=carol, edition=0, anchor="respect", words=words)
    day = timezone.localdate() + timedelta(days=days)
    announced = Announcement(day, "Krótszy § 3.", "A shorter § 3.")
    return actions.publish_rules(editor=carol, edition=1, announcement=announced)


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def in_english(client):
    client.cookies["django_language"] = "en"
    return client


def test_a_forum_without_rules_says_so(client):
    assert client.get(RULES).context["rulebook"] is None


def test_everybody_reads_the_rules_with_anchors(client, first):
    html = page(client, RULES)
    assert 'id="respect"' in html
    assert 'href="#respect"' in html
    assert "Szacunek w rozmowie" in html
    assert "Respect" not in html
    assert '<section class="rules__section" id="respect"' in html


def test_who_reads_english_gets_the_translation_and_the_way_to_what_decides(client, first):
    html = page(in_english(client), RULES)
    assert 'lang="en"><a class="rules__number" href="#respect">§ 3.</a> Respect' in html
    assert "The Polish text decides" in html
    assert "?text=pl" in html


def test_both_texts_stand_side_by_side(client, first):
    html = page(client, RULES + "?text=both")
    assert "Szacunek w rozmowie" in html
    assert "§ 3. Respect" in html
    assert html.count('id="respect"') == 1


@pytest.mark.parametrize("wish", ["", "de", "<script>", "pl&text=en"])
def test_an_unknown_text_is_the_readers_own(client, first, wish):
    assert client.get(RULES, {"text": wish}).status_code == 200


def test_a_section_without_translation_is_shown_in_polish(client, first, carol):
    publish_another(carol)
    html = page(in_english(client), RULES)
    assert "Nie wolno obrażać." in html
    assert "Not translated yet." in page(client, RULES + "?text=both")


def test_an_announced_version_is_told_of_before_it_holds(client, first, carol):
    second = publish_another(carol, days=20)
    html = page(client, RULES)
    assert "Nie wolno obrażać." not in html
    assert "Krótszy § 3." in html
    assert reverse("moderation:rules_changes", args=[2]) in html
    assert "Nie wolno obrażać." in page(client, second.get_absolute_url())


def test_earlier_versions_stay_under_their_addresses(client, first, carol):
    publish_another(carol)
    html = page(client, reverse("moderation:rules_version", args=[1]))
    assert "ośmieszać" not in html
    assert "wyśmiewać" in html
    assert reverse("moderation:rules") in html
    assert "Nie wolno obrażać." in page(client, RULES)


def test_all_versions_are_listed(client, first, carol):
    publish_another(carol)
    html = page(client, reverse("moderation:rules_versions"))
    assert html.index(reverse("moderation:rules_version", args=[2])) < html.index(
        reverse("moderation:rules_version", args=[1])
    )
    assert "Pierwsza wersja regulaminu." in html


def test_what_changed_is_shown_word_by_word(client, first, carol):
    publish_another(carol)
    html = page(client, reverse("moderation:rules_changes", args=[2]))
    assert "<del>" in html
    assert "<ins>" in html
    assert "Temat rozmowy" not in html  # what stayed is left out
    assert page(client, reverse("moderation:rules_changes", args=[2]) + "?text=en")


@pytest.mark.parametrize(
    ("name", "version"),
    [("rules_version", 9), ("rules_changes", 1), ("rules_changes", 9), ("rules_version", 10**12)],
    ids=["unknown", "first", "unknown-changes", "huge"],
)
def test_what_there_is_not_is_not_found(client, first, name, version):
    page(client, reverse(f"moderation:{name}", args=[version]), 404)


def test_only_staff_is_led_to_the_editor(client, first, carol, alice):
    assert reverse("moderation:desk_rules") not in page(client, RULES)
    assert reverse("moderation:desk_rules") not in page(logged_in(alice), RULES)
    assert reverse("moderation:desk_rules") in page(logged_in(carol), RULES)


def test_the_page_asks_the_same_few_questions_for_any_length(
    client, first, django_assert_num_queries
):
    with django_assert_num_queries(4):
        client.get(RULES)
