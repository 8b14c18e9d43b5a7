"""“Report” in the menu of a post: the page, its form, and what members see of their reports."""

import pytest
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions import actions as discussions
from forum.moderation.models import AccessNote, Case, Report
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import SECRET, a_report, case_of, decide, found

pytestmark = pytest.mark.django_db

OWN = reverse("moderation:own")
FORM = {"why": "offensive", "words": "To obraża sąsiadów."}


def of(post, kind="post"):
    return reverse("moderation:report", args=[kind, getattr(post, "pk", post)])


@pytest.fixture
def dana_reads(dana):
    return logged_in(dana)


def test_every_post_leads_there_for_whoever_reads_it(client, post, thread):
    html = client.get(thread.get_absolute_url()).content.decode()
    assert of(post) in html


def test_a_report_is_sent_and_found_again(dana_reads, dana, post):
    page = dana_reads.get(of(post)).content.decode()
    assert SECRET in page  # one sees what one reports
    response = dana_reads.post(of(post), {**FORM, "says_about_office": "on"})
    assert (response.status_code, response["Location"]) == (303, OWN)
    report = Report.objects.get()
    assert (report.reporter, report.kind, report.words) == (dana, "offensive", FORM["words"])
    assert report.says_about_office
    assert case_of(post).is_about_office
    html = dana_reads.get(OWN).content.decode()
    assert FORM["words"] in html
    assert post.thread.title in html


def test_what_was_reported_already_waits(dana_reads, post):
    dana_reads.post(of(post), FORM)
    html = dana_reads.get(of(post)).content.decode()
    assert "<textarea" not in html
    assert OWN in html
    assert dana_reads.post(of(post), FORM).status_code == 303
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"why": ""}, {"why": "x"}, {"why": "other", "words": " "}, {"words": "x" * 2001}],
    ids=["no-kind", "no-such-kind", "other-without-words", "long"],
)
def test_bad_reports_are_shown_again(dana_reads, post, wrong):
    response = dana_reads.post(of(post), {**FORM, **wrong})
    assert response.status_code == 422
    assert not Report.objects.exists()


def test_words_are_kept_without_what_nobody_can_see(dana_reads, post):
    dana_reads.post(of(post), {**FORM, "words": "  Zły wpis\x08 "})
    assert Report.objects.get().words == "Zły wpis"


def test_scripts_in_words_are_shown_as_words(dana_reads, post):
    dana_reads.post(of(post), {**FORM, "words": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in dana_reads.get(OWN).content.decode()


def test_guests_are_led_to_the_notice_with_the_address(client, post):
    for method in (client.get, client.post):
        response = method(of(post))
        assert response.status_code == 303
        assert response["Location"].startswith(f"{reverse('moderation:notice')}?address=")
    assert not Report.objects.exists()


def test_ones_own_text_is_not_reported(bob, post):
    reads = logged_in(bob)
    page = reads.get(of(post))
    assert page.status_code == 403
    assert "<textarea" not in page.content.decode()
    assert reads.post(of(post), FORM).status_code == 403
    assert not Report.objects.exists()


def test_what_one_may_not_read_is_not_there(carol, dana_reads, client):
    closed = a_thread(carol, a_category(readers=Category.Readers.STAFF), body=SECRET)
    post = closed.posts.get()
    for reader in (dana_reads, client):
        for response in (reader.get(of(post)), reader.post(of(post), FORM)):
            assert response.status_code == 404
            assert SECRET not in response.content.decode()
    assert logged_in(carol).get(of(post)).status_code in {200, 403}  # it is there


def test_what_is_hidden_or_withdrawn_is_not_there_any_more(dana_reads, bob, carol, post, thread):
    other = a_reply(bob, thread, SECRET)
    discussions.withdraw(author=bob, post=other)
    found(carol, post)
    for gone in (post, other):
        for response in (dana_reads.get(of(gone)), dana_reads.post(of(gone), FORM)):
            assert response.status_code == 404
            assert SECRET not in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "pk"),
    [("post", 999_999), ("post", 10**17), ("nothing", 1), ("verification", 1)],
    ids=["no-post", "huge", "no-kind", "not-reported"],
)
def test_what_there_is_not_is_not_found(dana_reads, kind, pk):
    assert dana_reads.get(of(pk, kind)).status_code == 404


def test_reports_in_floods_are_refused_with_a_sentence(dana_reads, alice, thread, settings):
    settings.REPORTS_PER_DAY = 2
    posts = [a_reply(alice, thread, f"Wpis {number}") for number in range(3)]
    answers = [dana_reads.post(of(post), FORM) for post in posts]
    assert [answer.status_code for answer in answers] == [303, 303, 403]
    assert FORM["words"] in answers[-1].content.decode()  # nothing typed is lost
    assert Report.objects.count() == 2


def test_a_suspended_account_reports_nothing_but_reads_its_page(dana_reads, dana, post):
    dana.is_active = False
    dana.save(update_fields=["is_active"])
    assert dana_reads.post(of(post), FORM).status_code in {302, 303}  # logged out
    assert not Report.objects.exists()


# --- What members see of it -----------------------------------------------------------------------
def test_the_list_is_ones_own(dana, alice, bob, carol, post, client):
    a_report(dana, post)
    decide(carol, post)
    assert "/accounts/login/" in client.get(OWN)["Location"]
    assert post.thread.title not in logged_in(alice).get(OWN).content.decode()
    html = logged_in(dana).get(OWN).content.decode()
    assert "/decisions/1/" in html
    html = logged_in(bob).get(OWN).content.decode()
    assert "/decisions/1/" in html
    assert "To mnie obraża." not in html  # what others said of it
    assert "Dana" not in html


def test_the_list_costs_the_same_for_many(dana, alice, thread, django_assert_max_num_queries):
    for number in range(5):
        a_report(dana, a_reply(alice, thread, f"Wpis {number}"))
    reads = logged_in(dana)
    with django_assert_max_num_queries(9):
        reads.get(OWN)


def test_a_subject_that_went_where_the_reporter_may_not_read_shows_no_title(
    dana, alice, carol, thread, post
):
    a_report(dana, post)
    closed = a_category(readers=Category.Readers.STAFF)
    discussions.move(staff=carol, thread=thread, category=closed)
    html = logged_in(dana).get(OWN).content.decode()
    assert thread.title not in html
    assert "To mnie obraża." in html


def test_who_of_the_staff_read_private_data_is_told(bob, carol, dana):
    AccessNote.objects.create(
        reader=carol, member=bob, what=AccessNote.What.HIDDEN_TEXT, place="/desk/1/"
    )
    html = logged_in(bob).get(OWN).content.decode()
    assert "Carol Wójcik" in html
    assert "Carol Wójcik" not in logged_in(dana).get(OWN).content.decode()


def test_a_case_of_a_reported_text_is_one(dana, alice, post):
    logged_in(dana).post(of(post), FORM)
    logged_in(alice).post(of(post), FORM)
    assert Case.objects.count() == 1
    assert Report.objects.count() == 2
