"""The weekly letter: Tuesday at eight, once a week and member, never empty."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import actions as accounts
from accounts.models import Mandate
from forum.jobs.models import Job
from forum.notifications import delivering_letters
from forum.notifications.actions import mark_read, reaching
from forum.notifications.models import Bundle, Channels, Notification
from tests.cast import just_logged_in
from tests.factories import a_category, a_reply, a_thread
from tests.notifications.deliveries import deliveries, html_of

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
TUESDAY = datetime(2026, 12, 1, 8, 0, tzinfo=WARSAW)


@pytest.fixture
def letters(clock, work, outbox):
    """Lets it become Tuesday, eight o'clock and a little, and gives what was sent then."""

    def on(moment=TUESDAY):
        work()
        clock.move_to(moment + timedelta(minutes=1))
        before = len(outbox)
        delivering_letters.begin.call()
        work()
        return [each for each in outbox[before:] if is_letter(each)]

    return on


def is_letter(message):
    return message.extra_headers["List-Id"] == "<weekly.localhost>"


def to(letters, member):
    return [each for each in letters if each.to == [member.email]]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-12-01 07:59", date(2026, 11, 24)),
        ("2026-12-01 08:00", date(2026, 12, 1)),
        ("2026-12-07 23:00", date(2026, 12, 1)),
        ("2026-03-31 08:00", date(2026, 3, 31)),  # two days after the clocks changed
        ("2026-10-27 08:00", date(2026, 10, 27)),
    ],
)
def test_the_hour_is_the_walls_clocks(now, day):
    moment = datetime.fromisoformat(now).replace(tzinfo=WARSAW)
    assert delivering_letters.last_day(moment.astimezone(ZoneInfo("UTC"))) == day
    assert delivering_letters.moment_of(day).astimezone(WARSAW).hour == 8


def test_the_letter_tells_what_waits_and_asks_one_question(letters, alice, bob, carol, starostwo):
    thread = a_thread(alice, title="Sala na próby")
    asked = a_reply(alice, thread, "A w piątki?")
    a_reply(bob, thread, "Mamy salę w piątki.", parent=asked)
    a_reply(carol, thread, "Powiat odda salę.", voice=starostwo)
    a_thread(bob, thread.category, title="Kto zna program do faktur?")
    (letter,) = to(letters(), alice)
    for said in ("Mamy salę w piątki.", "Powiat odda salę.", "Kto zna program do faktur?"):
        assert said in letter.body
        assert said in html_of(letter)
    question = thread.category.threads.get(title__startswith="Kto zna")
    answer = f"http://localhost:8000/posts/{question.posts.get(number=1).pk}/reply/"
    assert answer in letter.body
    assert answer in html_of(letter)
    assert letter.body.index("Mamy salę") < letter.body.index("Powiat odda")  # chapters in order
    headers = letter.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Id"] == "<weekly.localhost>"


def test_it_comes_once_a_week(letters, alice, bob, outbox, work, clock):
    thread = a_thread(alice)
    a_reply(bob, thread)
    assert len(to(letters(), alice)) == 1
    delivering_letters.begin.call()
    delivering_letters.write_letter.call(TUESDAY.date().isoformat(), alice.pk)
    Job.objects.all().delete()  # nobody remembers the keys any more
    delivering_letters.begin.call()
    work()
    assert len(list(filter(is_letter, to(outbox, alice)))) == 1
    assert Bundle.objects.filter(user=alice, week=TUESDAY.date()).count() == 1


def test_an_empty_letter_is_not_sent(letters, alice, bob):
    category = a_category()
    assert letters() == []
    a_thread(bob, category, title="Pytanie bez odpowiedzi")
    Bundle.objects.all().delete()
    Job.objects.all().delete()
    # Written long ago: a question alone is no letter.
    category.threads.update(created_at=TUESDAY - timedelta(days=60))
    category.threads.update(last_post_at=TUESDAY - timedelta(days=60))
    Notification.objects.all().delete()
    assert to(letters(), alice) == []
    assert Bundle.objects.get(user=alice).state == "dropped"


def test_what_was_read_or_told_is_not_told_again(letters, alice, bob, work):
    thread = a_thread(alice, title="Sala na próby")
    a_reply(bob, thread, "Jeden.")
    assert "Jeden." in to(letters(), alice)[0].body
    a_reply(bob, thread, "Dwa.")
    work()
    (letter,) = to(letters(TUESDAY + timedelta(days=7)), alice)
    assert "Dwa." in letter.body
    assert "Jeden." not in letter.body
    a_reply(bob, thread, "Trzy.")
    work()
    mark_read(member=alice, pks=[Notification.objects.get(user=alice, read_at=None).pk])
    assert to(letters(TUESDAY + timedelta(days=14)), alice) == []


def test_who_stopped_the_letter_gets_none(letters, alice, bob, client):
    a_reply(bob, a_thread(alice))
    (letter,) = to(letters(), alice)
    header = letter.extra_headers["List-Unsubscribe"]
    stop = header.strip("<>").removeprefix("http://localhost:8000")
    assert client.get(stop).status_code == 200
    assert not Channels.objects.filter(user=alice).exists()
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Channels.objects.get(user=alice).by_letter is False
    a_reply(bob, a_thread(alice))
    assert to(letters(TUESDAY + timedelta(days=7)), alice) == []


def test_on_a_public_holiday_it_comes_the_day_after(letters, alice, bob, clock, work, outbox):
    christmas = datetime(2029, 12, 25, 8, 0, tzinfo=WARSAW)  # a Tuesday
    clock.move_to(christmas - timedelta(days=1))
    a_thread(bob)
    assert to(letters(christmas), alice) == []
    clock.move_to(datetime(2029, 12, 27, 7, 1, tzinfo=WARSAW))
    before = len(outbox)
    work()
    assert len(list(filter(is_letter, to(outbox[before:], alice)))) == 1


def test_a_forum_that_was_off_for_days_does_not_catch_up(letters, alice, bob):
    a_reply(bob, a_thread(alice))
    assert letters(TUESDAY + timedelta(days=2)) == []
    assert not Bundle.objects.exclude(week=None).exists()


def test_a_dead_address_gets_no_letter(letters, alice, bob):
    a_reply(bob, a_thread(alice))
    Channels.objects.create(user=alice, dead_address=alice.email)
    assert to(letters(), alice) == []


def test_many_members_are_written_to_in_batches(letters, alice, bob, monkeypatch):
    monkeypatch.setattr(delivering_letters, "BATCH", 2)
    members = [
        accounts.admit(email=f"m{number}@example.org", display_name=f"M {number}")
        for number in range(7)
    ]
    a_thread(bob, title="Nowy wątek")
    found = letters()
    assert sorted(each.to[0] for each in found if each.to[0].startswith("m")) == sorted(
        member.email for member in members
    )


def test_deadlines_and_requests_stand_in_it(letters, alice, bob, fundacja):
    Mandate.objects.filter(user=alice).update(valid_to=date(2026, 12, 20))
    accounts.ask_to_join(member=bob, organization=fundacja, role="member", message="Proszę.")
    (letter,) = to(letters(), alice)
    assert "20 grudnia 2026" in letter.body
    assert "Bob Kowalski" in letter.body


def test_a_thread_one_may_not_read_stands_in_no_letter(letters, alice, bob, carol):
    secret = a_category(readers="staff")
    a_thread(carol, secret, title="Tajne")
    a_thread(carol, title="Jawne")
    found = letters()
    assert all("Tajne" not in each.body for each in to(found, alice) + to(found, bob))
    assert any("Jawne" in each.body for each in to(found, alice))


def test_the_adviser_sees_their_own_letter_before_it_goes_out(clock, work, alice, bob, carol):
    a_thread(bob, title="Nowy wątek")
    adviser = just_logged_in(carol)
    page = adviser.get("/notifications/desk/letter/")
    assert page.status_code == 200
    assert "1 grudnia 2026, 08:00" in page.content.decode()
    mail = adviser.get("/notifications/desk/letter/mail/")
    assert "Nowy wątek" in mail.content.decode()
    assert "sandbox" in mail["Content-Security-Policy"]
    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    assert not Bundle.objects.exists()
    member = just_logged_in(alice)
    for path in ("/notifications/desk/letter/", "/notifications/desk/letter/mail/"):
        assert member.get(path).status_code == 403


def test_a_letter_that_would_be_empty_says_so_to_the_adviser(carol):
    page = just_logged_in(carol).get("/notifications/desk/letter/")
    assert "<iframe" not in page.content.decode()


def test_the_letter_counts_as_the_last_rung(letters, alice, bob):
    reaching.choose_channels(
        member=alice,
        by_mail=False,
        by_letter=True,
        quiet_from=datetime.min.time(),
        quiet_until=datetime.min.time(),
        is_quiet_on_days_off=False,
    )
    a_reply(bob, a_thread(alice))
    letters()
    assert deliveries(alice) == [("letter", "sent")]
