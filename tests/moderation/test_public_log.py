"""The public log: every decision, no person; the numbers, and the files."""

import csv
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from forum.moderation import actions, public_log
from forum.moderation.actions.rulebook import publish_first_rules
from forum.moderation.measures import Measure
from forum.moderation.models import Appeal, Decision
from tests.factories import a_reply
from tests.moderation.world import FACTS, SECRET, a_report, decide, found

pytestmark = pytest.mark.django_db

LOG = reverse("moderation:log")
FILE = reverse("moderation:log_file")
MONTHS = reverse("moderation:months_file")
BY_RULE = {"rule_version": 1, "section": "respect", "own_words": "Do autora."}
NOON = datetime.fromisoformat("2026-11-10T12:00:00+01:00")


@pytest.fixture(autouse=True)
def rules(db):
    return publish_first_rules()


def told(client, address=LOG):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def table(client, address):
    text = told(client, address)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:], newline=""), delimiter=";"))


def many(carol, author, thread, count):
    for number in range(count):
        found(carol, a_reply(author, thread, f"Wpis {number}"), **BY_RULE)


# --- Without a person -----------------------------------------------------------------------------
def test_the_log_says_what_was_done_and_nothing_of_whom(client, carol, bob, dana, post):
    a_report(dana, post)
    decide(carol, post, law="art. 212 k.k.", **BY_RULE)
    html = told(client)
    for known in ("§ 3. Szacunek w rozmowie", "art. 212 k.k.", str(Measure.HIDE.label)):
        assert known in html
    row = html[html.index('id="decision-1"') :]
    at = timezone.localtime(Decision.objects.get().at)
    for secret in (
        "Bob",
        "Carol",
        "Dana",
        "Kowalski",
        FACTS,
        "Do autora.",
        "To mnie obraża.",
        SECRET,
        post.thread.title,
        post.get_absolute_url(),
        f"/posts/{post.pk}/",
        f"{at:%H:%M}",
    ):
        assert secret not in row
        assert secret not in told(client, FILE)


def test_every_decision_stands_in_it(client, carol, bob, thread):
    many(carol, bob, thread, 3)
    actions.undo(moderator=carol, decision=Decision.objects.get(number=2), own_words="Pomyłka.")
    html = told(client)
    for number in range(1, 5):
        assert f'id="decision-{number}"' in html
    rows = table(client, FILE)
    assert [row[next(iter(row))] for row in rows] == ["1", "2", "3", "4"]


def test_an_appeal_and_its_outcome_are_told(client, carol, bob, frank, post):
    hidden = found(carol, post, **BY_RULE)
    actions.appeal(member=bob, decision=hidden, words="To był cytat.")
    waiting = told(client)
    assert str(Appeal.Outcome.OPEN.label) in waiting
    actions.answer_appeal(
        moderator=frank, appeal=Appeal.objects.get(), upheld=True, own_words="Racja."
    )
    html = told(client)
    assert str(Appeal.Outcome.UPHELD.label) in html
    assert "To był cytat." not in html
    assert "Racja." not in html
    rows = public_log.log_rows()
    assert (rows[0].undone_by, rows[1].undoes, rows[1].appealed) == (2, 1, 1)


def test_two_people_and_the_office_are_marked(client, carol, frank, dana, post):
    a_report(dana, post, says_about_office=True)
    proposal = decide(carol, post, **BY_RULE)
    assert "decision-1" not in told(client)  # nothing is decided yet
    actions.confirm(moderator=frank, proposal=proposal)
    [row] = public_log.log_rows()
    assert row.is_by_two
    assert row.decision.is_about_office


def test_a_measure_that_ends_says_for_how_long(client, carol, post):
    found(carol, post, Measure.SUSPEND, until=timezone.now() + timedelta(days=7), **BY_RULE)
    [row] = public_log.log_rows()
    assert row.days == 7


def test_the_day_is_that_of_warsaw(client, carol, post):
    with time_machine.travel("2026-11-10T23:30:00Z", tick=False):
        found(carol, post, **BY_RULE)
    assert (
        table(client, FILE)[0]["Dzień" if "Dzień" in told(client, FILE) else "Day"] == "2026-11-11"
    )


# --- Pages ----------------------------------------------------------------------------------------
def test_pages_go_back_by_number(client, carol, bob, thread, monkeypatch):
    monkeypatch.setattr(public_log, "PAGE_SIZE", 2)
    many(carol, bob, thread, 5)
    page = client.get(LOG).context["page"]
    assert [row.number for row in page.items] == [5, 4]
    assert page.first_url == ""
    page = client.get(page.later_url).context["page"]
    assert [row.number for row in page.items] == [3, 2]
    page = client.get(page.later_url).context["page"]
    assert [row.number for row in page.items] == [1]
    assert (page.later_url, page.first_url) == ("", f"{LOG}#log")


@pytest.mark.parametrize("before", ["", "x", "-1", "1" * 40, "²", "1.5"])
def test_addresses_of_no_page_give_the_first_one(client, carol, post, before):
    found(carol, post, **BY_RULE)
    assert len(client.get(LOG, {"before": before}).context["page"].items) in {0, 1}


def test_it_asks_the_same_few_questions_for_any_length(
    client, carol, bob, thread, django_assert_num_queries
):
    many(carol, bob, thread, 4)
    with django_assert_num_queries(7):
        client.get(LOG)


def test_before_any_decision_it_says_so(client):
    page = client.get(LOG)
    assert page.context["page"].items == []
    assert page.context["months"] == []
    assert table(client, FILE) == []
    assert table(client, MONTHS) == []


# --- Numbers --------------------------------------------------------------------------------------
def after(hours, deed, *args, **fields):
    """What is done so many hours after noon."""
    with time_machine.travel(NOON + timedelta(hours=hours), tick=False):
        return deed(*args, **fields)


def test_the_numbers_and_the_typical_times(carol, bob, dana, frank, thread):
    posts = [a_reply(bob, thread, f"Wpis {number}") for number in range(4)]
    for waited, each in zip((1, 3, 8), posts, strict=False):
        after(0, a_report, dana, each)
        measure = Measure.LEAVE if waited == 8 else Measure.HIDE
        after(waited, decide, carol, each, measure, **BY_RULE)
    own = after(9, found, carol, posts[3], **BY_RULE)
    after(10, actions.appeal, member=bob, decision=own, words="Cytat.")
    after(
        34,
        actions.answer_appeal,
        moderator=frank,
        appeal=Appeal.objects.get(),
        upheld=True,
        own_words="Racja.",
    )
    totals, [month] = public_log.numbers()
    assert (totals.all.decisions, totals.all.restrictions) == (5, 3)
    assert (totals.all.on_report, totals.reports, totals.reports_upheld) == (3, 3, 2)
    assert totals.all.median_wait_s == 3 * 60 * 60
    assert (totals.all.appeals, totals.all.appeals_granted, totals.all.undone) == (1, 1, 1)
    assert totals.all.median_answer_s == 24 * 60 * 60
    assert dict(totals.measures)[str(Measure.HIDE.label)] == 3
    assert (month.begins.year, month.begins.month) == (2026, 11)
    assert month.decisions == 5


def test_months_are_apart_and_the_newest_is_first(client, carol, bob, thread):
    for number, month in enumerate(("2026-09-30T23:30:00Z", "2026-11-02T10:00:00Z")):
        with time_machine.travel(month, tick=False):
            found(carol, a_reply(bob, thread, f"Wpis {number}"), **BY_RULE)
    rows = table(client, MONTHS)
    assert [row[next(iter(row))] for row in rows] == ["2026-11", "2026-10"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "1 minute"),
        (150, "2 minutes"),
        (3600, "1 hour"),
        (47 * 3600, "47 hours"),
        (48 * 3600, "2 days"),
        (100 * 24 * 3600, "100 days"),
    ],
)
def test_times_in_words(seconds, words):
    with translation.override("en"):
        assert public_log.in_words(seconds) == words


# --- Files ----------------------------------------------------------------------------------------
def test_a_law_that_looks_like_a_formula_is_text(client, carol, post):
    found(carol, post, law="=HYPERLINK(1)", facts=FACTS)
    text = told(client, FILE)
    assert ";'=HYPERLINK(1);" in text


def test_files_are_downloaded_under_a_name(client):
    for address in (FILE, MONTHS):
        response = client.get(address)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"].startswith('attachment; filename="')
