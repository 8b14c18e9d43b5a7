"""What is not seen on the screen comes as a mail: once, bundled, threaded, and says why."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from forum.notifications import delivering, plugs
from forum.notifications.actions import choose, mark_read, read_all
from forum.notifications.actions import follow as choose_level
from forum.notifications.models import Bundle, Delivery, Follow, Notification
from tests.factories import a_category, a_reply, a_thread
from tests.notifications.deliveries import WINDOW, deliveries, follow, html_of

pytestmark = pytest.mark.django_db


def sent(message):
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)


def test_a_reply_comes_after_the_window_with_the_whole_text(thread, bob, alice, later, outbox):
    a_reply(bob, thread, "Pierwszy akapit.\n\nDrugi akapit, " + "słowo " * 60)
    later(timedelta(minutes=5))
    assert outbox == []
    later()
    (message,) = outbox
    assert message.to == [alice.email]
    assert message.subject == "Sala na próby"
    assert "Pierwszy akapit.\n\n" in message.body
    assert message.body.count("słowo") == 60
    assert "Bob" in message.body
    assert f"http://localhost:8000{thread.posts.get(number=2).get_absolute_url()}" in message.body
    assert "Drugi akapit" in html_of(message)


def test_several_replies_come_as_one_mail_in_their_order(thread, bob, dana, later, outbox, work):
    a_reply(bob, thread, "Jeden.")
    work()
    a_reply(dana, thread, "Dwa.")
    later()
    (message,) = [each for each in outbox if each.to == ["alice@example.org"]]
    assert message.body.index("Jeden.") < message.body.index("Dwa.")
    assert Delivery.objects.filter(channel="mail", user__email="alice@example.org").count() == 1


def test_what_is_seen_on_the_screen_is_not_mailed(thread, alice, bob, later, outbox, work):
    a_reply(bob, thread)
    work()
    mark_read(member=alice, pks=[Notification.objects.get(user=alice).pk])
    assert deliveries(alice) == [("mail", "dropped")]
    later()
    assert outbox == []


def test_everything_read_stops_everything(thread, alice, bob, later, outbox, work):
    a_reply(bob, thread)
    work()
    read_all(member=alice)
    later()
    assert deliveries(alice) == [("mail", "dropped")]
    assert outbox == []


def test_what_may_not_be_seen_any_more_is_not_sent(thread, alice, bob, later, outbox, work):
    a_reply(bob, thread)
    work()
    thread.category.readers = "staff"
    thread.category.save()
    later()
    assert outbox == []
    assert deliveries(alice) == [("mail", "dropped")]


def test_what_was_muted_since_is_not_sent(thread, alice, bob, later, outbox, work):
    a_reply(bob, thread)
    work()
    choose_level(member=alice, place=f"thread.{thread.pk}", level=Follow.Level.MUTED)
    later()
    assert outbox == []


def test_whoever_is_suspended_gets_nothing(thread, alice, bob, later, outbox, work):
    a_reply(bob, thread)
    work()
    alice.is_active = False
    alice.save()
    later()
    assert outbox == []
    assert deliveries(alice) == [("mail", "dropped")]


def test_at_night_it_waits_for_the_morning(thread, alice, bob, clock, later, outbox, work):
    clock.shift(timedelta(hours=9, minutes=55))  # 19:55: the window ends in quiet hours
    a_reply(bob, thread)
    later()
    assert outbox == []
    later(timedelta(hours=10, minutes=30))
    assert outbox == []
    later(timedelta(minutes=30))
    assert len(outbox) == 1


def test_a_worker_that_was_away_wakes_nobody(thread, bob, clock, outbox, work):
    a_reply(bob, thread)
    work()
    clock.shift(timedelta(hours=12))  # due at 10:10, looked at at 22:00
    work()
    assert outbox == []
    clock.shift(timedelta(hours=9, minutes=1))
    work()
    assert len(outbox) == 1


def test_what_presses_comes_at_night_and_at_once(
    thread, alice, bob, clock, later, outbox, monkeypatch
):
    monkeypatch.setattr("forum.discussions.kinds.Replied.is_urgent", True)
    clock.shift(timedelta(hours=12))
    a_reply(bob, thread)
    later(timedelta(seconds=31))
    assert len(outbox) == 1
    assert Bundle.objects.get().is_urgent


def test_mails_of_one_thread_hang_together(thread, alice, bob, later, outbox):
    a_reply(bob, thread, "Jeden.")
    later()
    a_reply(bob, thread, "Dwa.")
    later()
    first, second = map(sent, outbox)
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"].split() == [first["References"], first["Message-ID"]]
    assert first["In-Reply-To"] == first["References"]
    assert second["Subject"] == f"Re: {first['Subject']}"
    assert "Jeden." not in outbox[1].body  # it was told already
    assert first["List-Id"] == second["List-Id"] == f"<thread-{thread.pk}.localhost>"


def test_a_machine_says_that_it_is_one(thread, bob, later, outbox):
    a_reply(bob, thread)
    later()
    message = sent(outbox[0])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "list"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Message-ID"].endswith("@localhost>")


def test_the_mail_says_why_it_came_and_stops_exactly_that(
    thread, alice, bob, later, outbox, client
):
    a_reply(bob, thread)
    later()
    (message,) = outbox
    assert "rozpoczął" not in message.body
    header = sent(message)["List-Unsubscribe"].strip()
    stop = re.fullmatch(r"<http://localhost:8000(/\S+)>", header)[1]
    assert message.body.count("http://localhost:8000" + stop) == 1
    assert stop in html_of(message)
    # A scanner follows links: nothing happens.
    page = client.get(stop)
    assert page.status_code == 200
    assert page.content.decode().count('<button class="button primary"') == 1
    assert not Follow.objects.filter(user=alice, level=Follow.Level.MUTED).exists()
    # The mail program's button: no cookie, no token, no question.
    client = type(client)(enforce_csrf_checks=True)
    answer = client.post(stop, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    muted = Follow.objects.get(user=alice, level=Follow.Level.MUTED)
    assert muted.place == f"thread.{thread.pk}"
    assert client.post(stop).status_code == 200  # again
    a_reply(bob, thread, "Jeszcze.")
    later()
    assert len(outbox) == 1


def test_a_link_that_was_not_made_here_is_unknown(client):
    assert client.post("/notifications/stop/WzEsICJsZXR0ZXIiLCAiIl0:abc:def/").status_code == 404


def test_the_html_fetches_nothing(thread, bob, later, outbox):
    a_reply(bob, thread, "Zobacz <script>alert(1)</script> & ![x](https://evil.example.org/a.png)")
    later()
    html = html_of(outbox[0])
    for fetching in ("<img", "<script", "<link", "url(", "src=", "<style", " class="):
        assert fetching not in html, fetching
    assert html.count(' style="') > 10
    assert "\n\n\n\n" not in outbox[0].body


def test_more_than_a_days_mails_wait_for_the_letter(
    thread, alice, bob, dana, later, outbox, settings
):
    settings.MAILS_PER_DAY = 2
    threads = [a_thread(alice, thread.category, title=f"Wątek {number}") for number in range(3)]
    for each in threads:
        a_reply(bob, each)
    later()
    assert len([each for each in outbox if each.to == [alice.email]]) == 2
    assert sorted(state for _, state in deliveries(alice, "mail")) == ["dropped", "sent", "sent"]
    assert deliveries(alice, "letter") == [("letter", "waiting")] * 3
    later(timedelta(days=1))
    a_reply(bob, thread)
    later()
    assert outbox[-1].to == [alice.email]  # a new day
    assert outbox[-1].subject == thread.title


def test_who_wants_only_the_letter_gets_no_mail(thread, alice, bob, later, outbox):
    choose(member=alice, preset="letter", has_sound=False)
    a_reply(bob, thread)
    later()
    assert outbox == []
    assert deliveries(alice) == [("letter", "waiting")]


def test_after_a_mail_that_was_not_followed_the_letter_waits(thread, alice, bob, later, outbox):
    a_reply(bob, thread)
    later()
    assert deliveries(alice) == [("mail", "sent"), ("letter", "waiting")]


def test_two_sweeps_at_once_make_one_mail(thread, alice, bob, clock, work, outbox):
    a_reply(bob, thread)
    work()
    clock.shift(WINDOW)
    delivering.sweep.call()
    delivering.sweep.call()
    work()
    assert len(outbox) == 1
    assert Bundle.objects.count() == 1


# --- What higher rooms add ----------------------------------------------------------------------
def test_higher_rooms_add_a_reply_address_and_acts(thread, alice, bob, later, outbox, monkeypatch):
    monkeypatch.setattr(
        plugs,
        "reply_places",
        [
            lambda member, place, about: plugs.ReplyPlace(
                f"o+{place}.{member.pk}@x.pl", "## Nad tą linią"
            )
        ],
    )
    monkeypatch.setattr(
        plugs, "mail_acts", [lambda *given: [plugs.MailAct("Dziękuję", f"/acts/{given[2].pk}/")]]
    )
    a_reply(bob, thread)
    later()
    (message,) = outbox
    (address,) = sent(message)["Reply-To"].addresses
    assert address.addr_spec == f"o+thread.{thread.pk}.{alice.pk}@x.pl"
    assert message.body.startswith("## Nad tą linią\n")
    assert "Dziękuję: http://localhost:8000/acts/" in message.body
    assert "## Nad tą linią" in html_of(message)


def test_mails_speak_the_members_language(thread, alice, bob, later, outbox):
    alice.language = "en"
    alice.save()
    a_reply(bob, thread)
    later()
    assert "Stop these e-mails" in outbox[0].body


def test_categories_and_threads_are_bundled_apart(thread, alice, bob, later, outbox):
    category = a_category()
    follow(alice, thread)
    Follow.objects.create(user=alice, place=f"category.{category.pk}", level="everything")
    a_thread(bob, category, title="Nowy wątek")
    a_reply(bob, thread)
    later()
    assert {message.subject for message in outbox} == {thread.title, category.called}
