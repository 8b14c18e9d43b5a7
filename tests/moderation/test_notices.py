"""Who is told what by mail, in plain words and in their language."""

import pytest
from django.utils import timezone

from forum.discussions import actions as discussing
from forum.moderation import actions, notices
from forum.moderation.measures import RESTRICTIONS, Measure
from forum.moderation.models import Report
from tests.cast import logged_in
from tests.factories import a_reply
from tests.moderation.world import (
    FACTS,
    SECRET,
    a_clerk,
    a_report,
    decide,
    found,
    fresh,
)

pytestmark = pytest.mark.django_db
ON_POSTS = sorted(RESTRICTIONS - {Measure.REFUSE_HELD})


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("measure", ON_POSTS)
def test_the_author_gets_the_statement_of_reasons(
    measure, language, carol, post, bob, mailoutbox, settings
):
    bob.language = language
    bob.save(update_fields=["language"])
    decision = found(carol, post, measure, own_words="Proszę o spokój.", law="art. 24 k.c.")
    (mail,) = mailoutbox
    assert mail.to == [bob.email]
    assert str(decision.number) in mail.subject
    for part in (
        FACTS,
        "Proszę o spokój.",
        "art. 24 k.c.",
        "obrazanie",
        post.thread.title,
        f"{settings.SITE_URL}/decisions/{decision.number}/",
        str(timezone.localtime(decision.appeal_until).year),
    ):
        assert part in mail.body
    assert SECRET not in mail.body
    assert "&quot;" not in mail.body
    assert "{" not in mail.body


def test_it_says_how_long(carol, post, mailoutbox):
    decision = found(carol, post, Measure.SUSPEND)
    assert str(timezone.localtime(decision.until).year) in mailoutbox[0].body


def test_the_section_of_the_rules_is_named_and_linked(carol, post, mailoutbox, monkeypatch):
    def find(version, anchor):
        return (f"Nie obrażaj ({version})", f"https://forum.example/regulamin/#{anchor}")

    monkeypatch.setattr(notices, "sections", [lambda _version, _anchor: None, find])
    found(carol, post)
    assert "Nie obrażaj (1)" in mailoutbox[0].body
    assert "https://forum.example/regulamin/#obrazanie" in mailoutbox[0].body


def test_it_says_whether_somebody_reported_it(carol, dana, post, bob, mailoutbox):
    a_report(dana, post)
    decide(carol, post)
    to_author = next(mail for mail in mailoutbox if mail.to == [bob.email])
    assert dana.display_name not in to_author.body
    own_motion = found(carol, a_reply(bob, post.thread, "inny wpis"), Measure.WARN)
    assert mailoutbox[-1].body != to_author.body
    assert not own_motion.on_report


def test_the_reporters_learn_the_outcome_without_the_reasons(dana, alice, carol, post, mailoutbox):
    for each in (dana, alice):
        a_report(each, post)
    decide(carol, post)
    told = [mail for mail in mailoutbox if mail.to[0] in {dana.email, alice.email}]
    assert len(told) == 2
    for mail in told:
        assert FACTS not in mail.body


def test_of_a_report_in_vain_only_the_reporter_is_told(dana, carol, post, bob, mailoutbox):
    a_report(dana, post)
    decision = decide(carol, post, Measure.LEAVE)
    (mail,) = mailoutbox
    assert mail.to == [dana.email]
    assert f"/decisions/{decision.number}/" in mail.body  # where to appeal


def test_a_stranger_is_told_at_the_address_they_gave(carol, post, mailoutbox):
    actions.give_notice(
        kind="post",
        subject_pk=post.pk,
        reason=Report.Kind.UNLAWFUL,
        words="x",
        email="jan@example.org",
        language="en",
    )
    decide(carol, post)
    receipt, mail = [each for each in mailoutbox if each.to == ["jan@example.org"]]
    assert "has arrived" in receipt.subject
    assert "Thank you for your report" in mail.body


def test_a_stranger_without_an_address_is_told_nothing(carol, post, mailoutbox):
    actions.give_notice(kind="post", subject_pk=post.pk, reason=Report.Kind.CHILD_ABUSE, words="x")
    decide(carol, post, Measure.LEAVE)
    assert mailoutbox == []


def test_an_undo_is_told_where_it_gives_something_back(carol, post, bob, dana, mailoutbox):
    actions.undo(moderator=carol, decision=found(carol, post))
    assert [mail.to for mail in mailoutbox] == [[bob.email], [bob.email]]
    mailoutbox.clear()
    decision = decide(carol, post, Measure.LEAVE)
    actions.undo(moderator=carol, decision=decision)
    assert mailoutbox == []


def test_the_answer_to_an_appeal_is_told(carol, frank, post, bob, mailoutbox):
    for upheld in (False, True):
        decision = found(carol, post, Measure.WARN)
        appeal = actions.appeal(member=bob, decision=decision, words="Nie zgadzam się.")
        mailoutbox.clear()
        actions.answer_appeal(
            moderator=frank, appeal=appeal, upheld=upheld, own_words="Po namyśle."
        )
        (mail,) = [each for each in mailoutbox if each.to == [bob.email]]
        assert "Po namyśle." in mail.body
        assert str(decision.number) in mail.subject


def test_an_appeal_is_told_to_those_who_may_answer_it(carol, frank, post, bob, mailoutbox):
    decision = found(carol, post)
    mailoutbox.clear()
    actions.appeal(member=bob, decision=decision, words="x")
    # Carol, who decided, is not among them.
    assert {mail.to[0] for mail in mailoutbox} == {frank.email, a_clerk().email}


def test_a_corrected_post_that_stands_again_is_told(carol, post, bob, mailoutbox):
    found(carol, post, Measure.ASK_CORRECTION)
    discussing.edit(author=bob, post=fresh(post), body="lepiej", body_format="markdown")
    mailoutbox.clear()
    decide(carol, post, Measure.PUBLISH)
    assert [mail.to for mail in mailoutbox] == [[bob.email]]


def test_the_page_of_a_decision_is_read_by_whom_it_concerns(carol, frank, dana, alice, post, bob):
    a_report(dana, post)
    decision = decide(carol, post)
    address = f"/decisions/{decision.number}/"
    for each in (bob, carol, frank):
        assert FACTS in logged_in(each).get(address).content.decode()
    to_reporter = logged_in(dana).get(address)
    assert to_reporter.status_code == 200
    assert FACTS not in to_reporter.content.decode()
    assert logged_in(alice).get(address).status_code == 404
