"""What becomes of a letter: published by the same rules as on the page, or answered and kept."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Mandate
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.actions import drafting
from forum.discussions.models import Attachment, Draft, Post
from forum.mailbox.actions import settling
from forum.mailbox.actions.taking import take_in
from forum.mailbox.addresses import reply_address
from forum.mailbox.models import Inbound
from tests.factories import a_category, a_reply, a_thread, opening_post
from tests.mailbox.letters import a_letter, sent, settle_all
from tests.samples import a_pdf, a_picture

pytestmark = pytest.mark.django_db

Reason, State = Inbound.Reason, Inbound.State


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def replies_of(thread):
    return list(thread.posts.filter(number__gt=1).order_by("number"))


# --- Done -----------------------------------------------------------------------------------------
def test_a_letter_becomes_a_post_below_the_one_it_answers(alice, bob, thread):
    asked = a_reply(bob, thread, "Kto ma klucze?")
    letter = sent(alice, asked)
    [_, post] = replies_of(thread)
    assert (post.author, post.parent, post.source) == (alice, asked, "Klucze mam ja.")
    assert (letter.state, letter.post, letter.thread) == (State.POSTED, post, thread)
    assert (letter.sentence, letter.remarks, mail.outbox) == ("", [], [])


def test_a_letter_may_answer_the_thread_as_a_whole(alice, thread):
    letter = sent(alice, thread)
    assert (letter.post.parent, letter.post.depth) == (None, 0)


def test_an_answer_to_the_opening_post_has_no_parent(alice, thread):
    assert sent(alice, opening_post(thread)).post.parent is None


def test_what_was_quoted_and_signed_is_left_out(alice, thread):
    text = "Tak.\n\n-- \nAlice\n\nW dniu 26.11.2026 o 10:05, Forum pisze:\n> Kto?\n"
    letter = sent(alice, thread, text)
    assert letter.post.source == "Tak."
    assert "Kto?" in letter.whole


def test_signs_that_nobody_meant_as_formatting_stay_signs(alice, thread):
    post = sent(alice, thread, "# 1 i 2*3*4 oraz plik_a_b <tu>\n\n- klucz\n- zamek\n").post
    assert "<h3>" not in post.html
    assert "2*3*4" in post.html
    assert "<li><p>klucz</p></li>" in post.html


def test_the_same_letter_settled_twice_is_one_post(alice, thread):
    letter = sent(alice, thread)
    settling.settle.call(pk=letter.pk)
    assert len(replies_of(thread)) == 1


def test_a_letter_of_html_keeps_its_emphasis(alice, thread):
    address = reply_address(alice, thread)
    raw = a_letter(alice, address).replace(b"text/plain", b"text/html")
    raw = raw.replace(b"Klucze mam ja.", b"<p>Klucze mam <b>ja</b>.</p>")
    take_in(raw, address)
    settle_all()
    assert "<strong>ja</strong>" in replies_of(thread)[0].html


def test_a_mention_in_a_letter_calls_as_on_the_page(alice, bob, thread):
    assert "data-mention" in sent(alice, thread, "@Bob Kowalski ma klucze.").post.html


# --- The voice ------------------------------------------------------------------------------------
def test_the_voice_used_last_in_the_category_speaks(alice, fundacja, thread):
    a_reply(alice, thread, voice=fundacja)
    assert sent(alice, thread).post.organization == fundacja


def test_without_a_voice_used_before_it_is_the_members_own(alice, thread):
    assert sent(alice, thread).post.organization is None


def test_an_organization_whose_mandate_ended_never_speaks(alice, fundacja, thread):
    a_reply(alice, thread, voice=fundacja)
    Mandate.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    alice.refresh_from_db()
    letter = sent(alice, thread)
    assert letter.post.organization is None
    assert "Fundacja Dobry Start" in letter.remarks[0]
    assert "Fundacja Dobry Start" in mail.outbox[0].body


# --- Refused, answered, and kept as a draft -------------------------------------------------------
def refused(letter, reason):
    """The letter was not published, its writer told, its text kept."""
    assert (letter.state, letter.reason) == (State.REFUSED, reason)
    assert letter.sentence
    answer = mail.outbox[0]
    assert letter.sentence in answer.body
    assert answer.extra_headers["Auto-Submitted"] == "auto-replied"
    assert answer.extra_headers["In-Reply-To"] == letter.message_id
    return answer


def draft_of(member, thread):
    return Draft.objects.get(user=member, context=f"thread-{thread.pk}").body


def test_a_letter_of_somebody_else_is_refused_and_both_are_told(alice, bob, thread):
    letter = sent(alice, thread, sender="eve@example.net")
    refused(letter, Reason.WRONG_SENDER)
    assert replies_of(thread) == []
    assert [answer.to for answer in mail.outbox] == [["alice@example.org"], ["eve@example.net"]]
    note, words = draft_of(alice, thread).split("\n\n")
    assert (words, "eve@example.net" in note) == ("Klucze mam ja.", True)
    # Who is not known here learns nothing of the member's drafts.
    assert "drafts" in mail.outbox[0].body
    assert "drafts" not in mail.outbox[1].body


def test_a_stranger_writes_into_no_text_of_the_member(alice, thread):
    keep(alice, thread, "Piszę na stronie")
    letter = sent(alice, thread, sender="eve@example.net")
    assert (letter.draft_context, draft_of(alice, thread)) == ("", "Piszę na stronie")


def test_the_address_of_the_account_may_be_written_in_any_case(alice, thread):
    assert sent(alice, thread, sender="ALICE@Example.org").is_posted


def test_an_old_address_is_refused_with_the_reason(alice, thread):
    address = reply_address(alice, thread, now=timezone.now() - timedelta(days=120))
    take_in(a_letter(alice, address), address)
    settle_all()
    refused(Inbound.objects.get(), Reason.EXPIRED)
    assert draft_of(alice, thread) == "Klucze mam ja."


def test_a_closed_thread_takes_no_letters(alice, carol, thread):
    actions.close(staff=carol, thread=thread, on=True)
    letter = sent(alice, thread)
    answer = refused(letter, Reason.NOT_ALLOWED)
    assert letter.draft_context == f"thread-{thread.pk}"
    assert f"/drafts/thread-{thread.pk}/text/" in answer.body
    assert draft_of(alice, thread) == "Klucze mam ja."


def test_a_letter_to_a_merged_thread_goes_to_the_other_one(alice, bob, carol, thread):
    asked = a_reply(bob, thread, "Kto ma klucze?")
    other = a_thread(bob, thread.category, title="Ta sama sala")
    actions.merge(staff=carol, thread=thread, into=other)
    answered, general = sent(alice, asked), sent(alice, thread)
    asked.refresh_from_db()
    assert answered.post.thread == general.post.thread == other
    assert answered.post.parent_id == asked.pk  # the post itself moved


def test_a_suspended_member_is_told_and_the_text_is_kept(alice, thread):
    alice.is_active = False
    alice.save()
    letter = sent(alice, thread)
    refused(letter, Reason.NOT_ALLOWED)
    assert draft_of(alice, thread) == "Klucze mam ja."
    assert replies_of(thread) == []


def test_who_may_not_read_the_thread_any_more_is_refused(alice, carol, starostwo):
    category = a_category()
    thread = a_thread(carol, category)
    Category.objects.update(readers=Category.Readers.STAFF)
    letter = sent(alice, thread)
    refused(letter, Reason.NOT_ALLOWED)
    assert (letter.draft_context, Draft.objects.count()) == ("", 0)
    assert letter.text == "Klucze mam ja."  # it stands on the page of one's mails


def test_a_letter_without_words_of_its_own_is_refused(alice, thread):
    letter = sent(alice, thread, "W dniu 26.11.2026 o 10:05, Forum pisze:\n> Kto?\n")
    refused(letter, Reason.EMPTY)
    assert "Kto?" in draft_of(alice, thread)


def test_files_alone_are_refused_as_on_the_page(alice, thread):
    letter = sent(alice, thread, "\n", files=(("plan.png", a_picture()),))
    refused(letter, Reason.EMPTY)


def test_a_text_that_is_too_long_is_refused_with_the_sentence_of_the_page(alice, thread):
    letter = sent(alice, thread, "Tak jest. " * 2_500)
    refused(letter, Reason.UNFIT)
    assert "20" in letter.sentence
    assert draft_of(alice, thread).startswith("Tak jest.")


def test_of_a_huge_mail_only_the_text_is_kept(alice, thread):
    address = reply_address(alice, thread)
    raw = a_letter(alice, address, files=(("a.bin", b"x" * 5_000),))
    take_in(raw[:3_000], address, is_whole=False)
    settle_all()
    refused(Inbound.objects.get(), Reason.TOO_LARGE)
    assert draft_of(alice, thread) == "Klucze mam ja."


def test_too_many_letters_in_an_hour_are_refused(alice, thread, settings):
    settings.MAILS_PER_HOUR = 2
    letters = [sent(alice, thread, f"Odpowiedź {n}.") for n in range(3)]
    assert [letter.state for letter in letters] == [State.POSTED, State.POSTED, State.REFUSED]
    assert letters[2].reason == Reason.TOO_MANY
    assert draft_of(alice, thread) == "Odpowiedź 2."


def test_an_unreadable_letter_is_answered_as_well(alice, thread):
    address = reply_address(alice, thread)
    raw = a_letter(alice, address).replace(
        b"Content-Type", b"X: boundary\n" * 100 + b"Content-Type"
    )
    take_in(raw, address)
    settle_all()
    assert Inbound.objects.get().reason == Reason.UNREADABLE
    assert mail.outbox[0].to == ["alice@example.org"]


def test_a_letter_whose_reader_dies_again_and_again_is_given_up(alice, thread):
    address = reply_address(alice, thread)
    take_in(a_letter(alice, address), address)
    Inbound.objects.update(attempts=settling.ATTEMPTS)
    settle_all()
    assert Inbound.objects.get().reason == Reason.UNREADABLE
    assert replies_of(thread) == []


def test_a_letter_whose_file_is_gone_is_answered(alice, thread):
    address = reply_address(alice, thread)
    take_in(a_letter(alice, address), address)
    Inbound.objects.get().original.delete(save=False)
    settle_all()
    assert Inbound.objects.get().reason == Reason.UNREADABLE


def test_refusals_are_said_in_the_language_of_the_member(alice, carol, thread):
    alice.language = "en"
    alice.save()
    actions.close(staff=carol, thread=thread, on=True)
    assert "closed" in sent(alice, thread).sentence
    assert "was not published" in mail.outbox[0].body


# --- Machines -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<forum.example.org>"},
        {"Return_Path": "<>"},
        {"subject": "Automatyczna odpowiedź: Lokal"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_machines_are_not_answered_and_not_published(alice, thread, headers):
    letter = sent(alice, thread, **headers)
    assert (letter.state, letter.settled_at is not None) == (State.AUTOMATIC, True)
    assert (mail.outbox, replies_of(thread), Draft.objects.count()) == ([], [], 0)


def test_an_answer_of_ours_that_comes_back_is_dropped(alice, carol, thread):
    actions.close(staff=carol, thread=thread, on=True)
    sent(alice, thread)
    address = reply_address(alice, thread)
    take_in(mail.outbox[0].message().as_bytes(), address)
    settle_all()
    assert Inbound.objects.order_by("pk").last().state == State.AUTOMATIC
    assert len(mail.outbox) == 1


def test_a_machine_that_does_not_say_so_is_not_answered_for_ever(alice, carol, thread, monkeypatch):
    monkeypatch.setattr(settling, "ANSWERS_PER_HOUR", 2)
    actions.close(staff=carol, thread=thread, on=True)
    for number in range(4):
        sent(alice, thread, f"Urlop {number}")
    assert len(mail.outbox) == 2


# --- Files ----------------------------------------------------------------------------------------
def test_files_are_attached_by_the_rules_of_the_page(alice, thread):
    files = (("plan.png", a_picture()), ("regulamin.pdf", a_pdf()))
    letter = sent(alice, thread, files=files)
    attached = list(letter.post.attachments.all())
    assert [(each.kind, each.name) for each in attached] == [
        ("image", "plan.webp"),
        ("pdf", "regulamin.pdf"),
    ]
    assert mail.outbox == []


def test_files_that_are_refused_are_named_in_the_answer(alice, thread):
    letter = sent(alice, thread, files=(("wirus.exe", b"MZ" + b"x" * 50), ("a.pdf", a_pdf())))
    assert letter.is_posted
    assert [each.name for each in letter.post.attachments.all()] == ["a.pdf"]
    assert "wirus.exe" in letter.remarks[0]
    assert "wirus.exe" in mail.outbox[0].body


def test_more_files_than_a_post_may_have_are_named(alice, thread, settings):
    settings.ATTACHMENTS_PER_POST = 1
    letter = sent(alice, thread, files=(("a.pdf", a_pdf()), ("b.pdf", a_pdf())))
    assert letter.post.attachments.count() == 1
    assert letter.remarks[0].startswith("b.pdf")


def test_files_of_a_refused_letter_wait_with_its_draft(alice, carol, thread):
    actions.close(staff=carol, thread=thread, on=True)
    sent(alice, thread, files=(("a.pdf", a_pdf()),))
    [waiting] = Attachment.objects.unsent_by(alice)
    assert (waiting.name, waiting.context) == ("a.pdf", f"thread-{thread.pk}")
    assert draft_of(alice, thread) == "Klucze mam ja."


# --- The draft on the page ------------------------------------------------------------------------
def test_a_draft_that_is_being_written_stays_when_a_letter_is_published(alice, thread):
    keep(alice, thread, "Piszę na stronie")
    sent(alice, thread)
    assert draft_of(alice, thread) == "Piszę na stronie"


def test_a_refused_text_is_put_below_the_draft_that_is_there(alice, carol, thread):
    keep(alice, thread, "Piszę na stronie")
    actions.close(staff=carol, thread=thread, on=True)
    sent(alice, thread)
    assert draft_of(alice, thread) == "Piszę na stronie\n\nKlucze mam ja."


def test_a_text_for_which_there_is_no_room_stands_on_the_page_of_mails(alice, carol, thread):
    keep(alice, thread, "x" * 39_990)
    actions.close(staff=carol, thread=thread, on=True)
    letter = sent(alice, thread)
    assert letter.draft_context == ""
    assert letter.get_absolute_url() in mail.outbox[0].body


def keep(member, thread, body):
    text = drafting.Text(body=body)
    drafting.keep(user=member, context=f"thread-{thread.pk}", version=0, text=text)


def test_a_draft_begun_by_a_letter_remembers_what_it_answers(alice, bob, carol, thread):
    asked = a_reply(bob, thread, "Kto?")
    actions.close(staff=carol, thread=thread, on=True)
    sent(alice, asked)
    draft = Draft.objects.get(user=alice)
    assert (draft.parent_number, draft.body_format) == (asked.number, Post.Format.MARKDOWN)


# --- In one go ------------------------------------------------------------------------------------
def test_publishing_and_the_note_of_it_are_one(alice, thread, monkeypatch):
    """A worker that dies between the two leaves neither; the next one does both, once."""
    address = reply_address(alice, thread)
    take_in(a_letter(alice, address), address)
    pk = Inbound.objects.get().pk

    def dies(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(settling, "_answer", dies)
        with pytest.raises(SystemExit):
            settling.settle.call(pk=pk)
    assert (replies_of(thread), Inbound.objects.get().state) == ([], State.WAITING)
    settle_all()
    assert len(replies_of(thread)) == 1
    assert Inbound.objects.get().is_posted
