"""An erased member: what was said about them goes, decisions lead to a number, the chain holds."""

import pytest

from accounts import erasing
from accounts.personal_data import Texts
from forum.discussions.models import Post
from forum.lib.answers import Refused
from forum.moderation import actions, chain
from forum.moderation.measures import Measure
from forum.moderation.models import (
    AccessNote,
    Appeal,
    Case,
    Decision,
    Proposal,
    Report,
    StaffNote,
    Statement,
)
from forum.moderation.upkeep import forget_senders
from tests.cast import just_logged_in
from tests.factories import a_thread, opening_post
from tests.moderation.world import SECRET, a_report, case_of, decide, found, fresh, state_of

pytestmark = pytest.mark.django_db


def erase(member, texts=Texts.KEEP):
    erasing.erase_account(member=member, texts=texts)


def test_reasons_go_and_the_chain_holds(carol, post, bob):
    decision = found(carol, post)
    actions.appeal(member=bob, decision=decision, words=SECRET)
    erase(bob)
    words = Statement.objects.get(decision=decision)
    assert (words.facts, words.own_words) == ("", "")
    assert Appeal.objects.get().words == ""
    assert Decision.objects.get().member == bob  # a number
    assert chain.first_broken() is None


def test_a_hidden_text_is_emptied_whatever_was_chosen(carol, post, bob):
    decision = found(carol, post)
    erase(bob, Texts.KEEP)
    assert fresh(post).source == ""
    assert state_of(post) == Post.State.WITHDRAWN
    actions.undo(moderator=carol, decision=decision)
    assert state_of(post) == Post.State.WITHDRAWN


def test_the_title_that_was_kept_aside_goes_too(carol, bob, category):
    thread = a_thread(bob, category, title=SECRET)
    found(carol, opening_post(thread))
    erase(bob)
    assert fresh(thread).kept_title == ""
    assert SECRET not in fresh(thread).title
    assert not Case.objects.filter(title__contains=SECRET).exists()


def test_an_open_case_is_told_and_nothing_can_be_asked_of_the_author(dana, carol, post, bob):
    a_report(dana, post)
    version = case_of(post).version
    erase(bob, Texts.WITHDRAW)
    case = case_of(post)
    assert case.version > version
    assert case.excerpt == ""
    with pytest.raises(actions.Conflict):
        decide(carol, post, version=version)
    for measure in (Measure.HIDE, Measure.ASK_CORRECTION, Measure.WARN, Measure.SUSPEND):
        with pytest.raises(Refused):
            decide(carol, post, measure)
    decide(carol, post, Measure.LEAVE)


def test_a_text_left_behind_can_be_hidden_and_nobody_is_told(dana, carol, post, bob, mailoutbox):
    a_report(dana, post)
    erase(bob, Texts.KEEP)
    mailoutbox.clear()
    decide(carol, post)
    assert state_of(post) == Post.State.HIDDEN
    assert [mail.to for mail in mailoutbox] == [[dana.email]]


def test_reports_lose_their_words_and_the_outcome_stays(dana, carol, post):
    a_report(dana, post, words=SECRET)
    decide(carol, post)
    erase(dana)
    report = Report.objects.get()
    assert (report.words, report.outcome) == ("", Report.Outcome.UPHELD)


def test_nobody_is_told_of_a_report_whose_reporter_is_gone(dana, carol, post, bob, mailoutbox):
    a_report(dana, post)
    erase(dana)
    mailoutbox.clear()
    decide(carol, post)
    assert [mail.to for mail in mailoutbox] == [[bob.email]]


def test_notes_proposals_and_readings_about_them_go(dana, carol, post, bob):
    a_report(dana, post, says_about_office=True)
    decide(carol, post)
    actions.note(moderator=carol, case=case_of(post), words=SECRET)
    actions.note_access(reader=carol, member=bob, what=AccessNote.What.EMAIL)
    erase(bob)
    assert not StaffNote.objects.exists()
    assert not AccessNote.objects.exists()
    assert Proposal.objects.get().facts == ""


def test_an_elected_moderator_who_leaves_moderates_no_more(frank):
    erase(frank)
    assert fresh(frank).moderates_until is None


def test_the_export_holds_decisions_and_reports(dana, carol, post, bob):
    a_report(dana, post, words=SECRET)
    decide(carol, post)
    assert just_logged_in(bob).get("/account/data/").status_code == 200
    assert Case.objects.filter(author=bob).count() == 1


def test_names_of_strangers_are_forgotten_when_nothing_can_come_any_more(post, carol, settings):
    actions.give_notice(
        kind="post",
        subject_pk=post.pk,
        reason=Report.Kind.SPAM,
        words="x",
        name="Jan Obcy",
        email="jan@example.org",
    )
    forget_senders.call()
    decide(carol, post)
    forget_senders.call()
    assert Report.objects.get().email == "jan@example.org"
    settings.APPEAL_DAYS = 0
    forget_senders.call()
    assert (Report.objects.get().email, Report.objects.get().name) == ("", "")
