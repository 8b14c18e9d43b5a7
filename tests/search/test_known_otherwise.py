"""Who is called otherwise, or is another kind of organization by now, is found as of today."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.urls import reverse

from accounts import erasing
from accounts.actions import admit, change_profile
from accounts.models import Organization
from accounts.personal_data import Texts
from forum.discussions import actions
from forum.discussions.actions import following
from forum.discussions.models import Post
from forum.discussions.searching import FILE, POST
from forum.jobs.models import Job
from forum.search import queries
from forum.search.finding import Filters, find
from tests.accounts.profiles import change
from tests.cast import a_mandate, just_logged_in
from tests.factories import a_reply, a_thread, an_attachment, opening_post
from tests.search.keeping import entries, run_jobs

pytestmark = pytest.mark.django_db

NO_MANDATES = {"mandates-TOTAL_FORMS": "0", "mandates-INITIAL_FORMS": "0"}


def found(text, **filters):
    results = find(AnonymousUser(), queries.read(text), Filters(**filters))
    return sorted((hit.entry.kind, hit.entry.object_pk) for hit in results.hits)


def shown(text):
    """Every piece of text that the results show."""
    results = find(AnonymousUser(), queries.read(text), Filters())
    return " ".join(hit.entry.text for hit in results.hits)


def assert_in_step():
    kept = entries()
    call_command("reindex", all=True)
    assert entries() == kept


@pytest.fixture
def zenon(db):
    return admit(email="zenon@example.org", display_name="Zenon Wrzosek")


@pytest.fixture
def posts(alice, zenon):
    """One that calls him, one that quotes such a call, one that says nothing of him."""
    thread = a_thread(alice, title="Lokal", body=f"Klucze ma @[ktoś](member:{zenon.pk}).")
    quote = f"> Klucze ma @[ktoś](member:{zenon.pk}).\n\nKlucze?"
    quoting = a_reply(alice, a_thread(alice), quote)
    a_reply(alice, a_thread(alice), "Klucze leżą gdzie indziej.")
    return [(POST, opening_post(thread).pk), (POST, quoting.pk)]


# --- Members -------------------------------------------------------------------------------------
@pytest.mark.parametrize("texts", Texts)
def test_the_name_of_the_erased_is_not_found(zenon, posts, texts):
    assert found("Wrzosek") == posts
    erasing.erase_account(member=zenon, texts=texts)
    run_jobs()
    assert found("Wrzosek") == []
    assert "Wrzosek" not in shown("klucze")
    assert found("osoba usunięta") == posts
    assert_in_step()


def by_themselves(zenon, carol):
    page = {"display_name": "Zenon Lipa", "language": "pl"}
    just_logged_in(zenon).post(reverse("accounts:profile"), page)


def by_staff(zenon, carol):
    fields = {"display_name": "Zenon Lipa", "language": "pl", "is_active": "on", **NO_MANDATES}
    just_logged_in(carol).post(reverse("admin:accounts_user_change", args=[zenon.pk]), fields)


@pytest.mark.parametrize("rename", [by_themselves, by_staff])
def test_who_has_another_name_is_found_by_it(zenon, carol, posts, rename):
    rename(zenon, carol)
    run_jobs()
    assert (found("Wrzosek"), found("Lipa")) == ([], posts)
    assert_in_step()


def test_another_language_is_no_other_name(zenon, posts):
    change_profile(member=zenon, display_name=zenon.display_name, language="en")
    assert not Job.objects.filter(kind=following.find_named_anew.kind).exists()
    change_profile(member=zenon, display_name="Zenon Lipa", language="en")
    assert Job.objects.filter(kind=following.find_named_anew.kind).count() == 1


def test_many_posts_are_done_slice_by_slice(zenon, posts, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 1)
    monkeypatch.setattr(following, "SLICE_SECONDS", 0)
    change_profile(member=zenon, display_name="Zenon Lipa", language="pl")
    run_jobs()
    jobs = Job.objects.filter(kind=following.find_named_anew.kind).order_by("pk")
    afters = [job.args["after"] for job in jobs]
    assert afters == [0, *(pk for _kind, pk in posts)]
    assert found("Lipa") == posts
    before = entries()
    following.find_named_anew.call([f"member-{zenon.pk}"], 0)
    assert entries() == before


def test_a_post_that_was_withdrawn_meanwhile_stays_out(zenon, alice, posts):
    erasing.erase_account(member=zenon, texts=Texts.KEEP)
    actions.withdraw(author=alice, post=Post.objects.get(pk=posts[1][1]))
    run_jobs()
    assert found("osoba usunięta") == posts[:1]
    assert_in_step()


# --- Organizations -------------------------------------------------------------------------------
@pytest.fixture
def kolo(alice):
    """Alice speaks for it; a public list may still bring it up to date."""
    kolo = Organization.objects.create(
        name="Koło Jarzębina", kind="association", gmina="brwinow", is_claimed=False
    )
    a_mandate(alice, kolo)
    return kolo


def by_its_people(kolo, carol, tmp_path):
    change(carol, kolo, name="Koło Kalina", gmina="raszyn")


def by_the_administration(kolo, carol, tmp_path):
    fields = {"name": "Koło Kalina", "kind": kolo.kind, "gmina": "raszyn", "register": "none"}
    address = reverse("admin:accounts_organization_change", args=[kolo.pk])
    assert just_logged_in(carol).post(address, fields | NO_MANDATES).status_code == 302


def by_a_public_list(kolo, carol, tmp_path):
    Organization.objects.filter(pk=kolo.pk).update(register="krs", register_number="0009900001")
    file = tmp_path / "lista.csv"
    headings = "Nazwa;Rodzaj;Gmina;Rejestr;Numer"
    row = "Koło Kalina;stowarzyszenie;Raszyn;KRS;0009900001"
    file.write_text(f"{headings}\n{row}\n", encoding="utf-8")
    call_command("import_organizations", str(file))


@pytest.mark.parametrize("correct", [by_its_people, by_the_administration, by_a_public_list])
def test_an_organization_is_found_as_it_is_today(kolo, alice, carol, tmp_path, correct):
    thread = a_thread(alice, body=f"Zaprasza @[koło](organization:{kolo.pk}).")
    said = a_reply(alice, thread, "Przyjdźcie na kiermasz.", voice=kolo)
    file = an_attachment(alice, said, name="plakat.pdf")
    words = {"kiermasz": [(POST, said.pk)], "plakat": [(FILE, file.pk)]}
    assert {word: found(word, gmina="brwinow") for word in words} == words
    assert found("Jarzębina") == [(POST, opening_post(thread).pk)]
    correct(kolo, carol, tmp_path)
    run_jobs()
    assert [found(word, gmina="brwinow") for word in words] == [[], []]
    assert {word: found(word, gmina="raszyn") for word in words} == words
    assert found("Jarzębina") == []
    assert found("Kalina") == [(POST, opening_post(thread).pk)]
    assert_in_step()


def test_what_an_office_said_is_official_as_long_as_it_is_one(kolo, alice, carol):
    said = a_reply(alice, a_thread(alice), "Przyjdźcie na kiermasz.", voice=kolo)
    assert found("kiermasz", is_official=True) == []
    for kind, official in [("office", [(POST, said.pk)]), ("association", [])]:
        kolo.refresh_from_db()
        change(carol, kolo, kind=kind)
        run_jobs()
        assert found("kiermasz", is_official=True) == official
    assert_in_step()
