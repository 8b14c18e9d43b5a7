"""In whose name somebody comes: asked at the sign-up, done once after the proof."""

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.joining import Choice, Way
from accounts.kinds import kind_of_name
from accounts.models import JoinRequest, Mandate, Organization, User, VerificationCase
from accounts.rules import may_speak
from forum.lib.answers import Refused
from tests.accounts.cases import a_profile
from tests.accounts.doors import ask_for_code, is_logged_in, newest_code
from tests.accounts.mandate_world import an_invitation
from tests.cast import a_mandate, a_member, log_in
from tests.factories import a_category, a_thread

pytestmark = pytest.mark.django_db

SIGN_UP = "/accounts/signup/"
CONFIRM = "/accounts/confirm-email/"
EWA = {"display_name": "Ewa Lis", "email": "ewa@example.org"}


def join(client, **form):
    """The answer to the form, and then to the code if one was sent."""
    answer = client.post(SIGN_UP, EWA | form)
    if answer.status_code != 302:
        return answer
    return client.post(CONFIRM, {"code": newest_code()})


def errors(answer):
    return answer.context["form"].errors


def said(client):
    """What stands on top of the next page."""
    page = client.get(reverse("accounts:profile"))
    return [str(message) for message in get_messages(page.wsgi_request)]


def ewa():
    return User.objects.get(email="ewa@example.org")


# --- The ways ------------------------------------------------------------------------------------
def test_an_unclaimed_organization_is_claimed(client):
    profile = a_profile()
    answer = join(client, organization="Orlik", whom=profile.pk)
    assert (answer.status_code, answer.url) == (302, "/welcome/")
    case = VerificationCase.objects.get()
    assert (case.organization, case.opened_by, case.kind) == (profile, ewa(), "claim")
    assert not may_speak(ewa(), profile)
    [sentence] = said(client)
    assert str(profile) in sentence
    assert "Doradca ze starostwa sprawdza" in sentence


def test_an_organization_with_people_is_asked(client, alice, fundacja):
    join(client, organization="start", whom=fundacja.pk)
    request = JoinRequest.objects.get()
    assert (request.organization, request.user, request.role) == (fundacja, ewa(), "member")
    assert not may_speak(ewa(), fundacja)
    assert "Prośba o dołączenie" in said(client)[0]


def test_a_club_without_a_number_is_added_and_speaks(client):
    answer = join(client, organization="Klub Sportowy Sęp", whom="new", gmina="raszyn")
    assert answer.url == "/welcome/"
    club = Organization.objects.get()
    assert (club.name, club.kind, club.gmina, club.register) == (
        "Klub Sportowy Sęp",
        "sports_club",
        "raszyn",
        "none",
    )
    assert may_speak(ewa(), club)
    assert ewa().last_voice == club
    assert not club.is_verified
    assert club.verification_cases.get().kind == "new"
    assert "Od razu możesz pisać" in said(client)[0]


@pytest.mark.parametrize("form", [{}, {"organization": "Orlik", "whom": "person"}])
def test_a_person_joins_without_an_organization(client, form):
    assert join(client, **form).url == "/welcome/"
    assert is_logged_in(client)
    assert not VerificationCase.objects.exists()
    assert not Organization.objects.exists()


def test_whoever_is_invited_is_not_asked_and_is_in(client, alice, fundacja):
    invitation, link = an_invitation(alice, fundacja, EWA["email"], Mandate.Role.REPRESENTATIVE)
    page = client.get(SIGN_UP, {"next": link})
    assert "W czyim imieniu?" not in page.content.decode()
    assert EWA["email"] in page.content.decode()
    answer = join(client, next=link)
    assert answer.url == "/welcome/"
    assert may_speak(ewa(), fundacja)
    assert ewa().last_voice == fundacja


def test_an_invitation_to_another_address_lets_nobody_in(client, alice, fundacja):
    _, link = an_invitation(alice, fundacja, "ola@example.org", Mandate.Role.REPRESENTATIVE)
    assert join(client, next=link).url == link
    assert not ewa().mandates.exists()


def test_a_thread_is_come_back_to(client, alice):
    thread = a_thread(alice).get_absolute_url()
    assert join(client, organization="Klub Sęp", whom="new", next=thread).url == thread


def test_no_other_site_is_come_back_to(client):
    assert join(client, next="https://evil.example/").url == "/welcome/"


# --- What is refused before anything is sent -----------------------------------------------------
@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"organization": "Fundacja"}, "Wybierz organizację z listy"),
        ({"organization": "Fundacja", "whom": "999999"}, "Wybierz organizację z listy"),
        ({"organization": "Fundacja", "whom": "²"}, "Wybierz organizację z listy"),
        ({"organization": "x", "whom": "9" * 40}, "Wybierz organizację z listy"),
        ({"organization": "Starostwo Powiatowe", "whom": "new"}, "urzędu"),
        ({"organization": "Urząd Gminy", "whom": "new"}, "urzędu"),
        ({"organization": "", "whom": "new"}, "pełną nazwę"),
        ({"organization": "ab", "whom": "new"}, "pełną nazwę"),
        ({"organization": "x" * 161, "whom": "new"}, "160"),
    ],
)
def test_bad_answers_are_told_and_send_nothing(client, fundacja, form, sentence):
    answer = join(client, **form)
    assert answer.status_code == 200
    assert sentence in str(errors(answer)["organization"])
    assert answer.context["form"]["email"].value() == EWA["email"]
    assert mail.outbox == []
    assert not User.objects.exists()


def test_the_office_is_not_for_taking(client, starostwo):
    answer = join(client, organization="Starostwo", whom=starostwo.pk)
    assert "organization" in errors(answer)
    html = client.get(reverse("accounts:choices"), {"organization": "Starostwo"}).content.decode()
    assert f'value="{starostwo.pk}"' not in html


def test_a_name_in_use_leads_to_its_owner(client, fundacja):
    answer = join(client, organization=fundacja.name.upper(), whom="new")
    assert "już" in str(errors(answer)["organization"])
    assert f'value="{fundacja.pk}"' in answer.content.decode()


def test_a_close_name_is_asked_about_and_then_checked_first(client, fundacja):
    form = {"organization": f"{fundacja.name}u", "whom": "new"}
    answer = join(client, **form)
    assert "Czy to ta" in answer.content.decode()
    join(client, **form, is_another="on")
    added = Organization.objects.exclude(pk=fundacja.pk).get()
    assert not may_speak(ewa(), added)
    assert added.verification_cases.get().opened_by == ewa()


def test_a_county_unit_speaks_after_the_check(client):
    join(client, organization="Biblioteka Powiatowa", whom="new", kind="local_government")
    assert not may_speak(ewa(), Organization.objects.get())
    assert "Do tego czasu" in said(client)[0]


# --- Before the proof nothing; after it once, and for that address only --------------------------
def test_nothing_happens_before_the_proof(client):
    profile = a_profile()
    client.post(SIGN_UP, EWA | {"organization": "Orlik", "whom": profile.pk})
    client.post(CONFIRM, {"code": "0000-0000"})
    assert not VerificationCase.objects.exists()


def test_the_form_sent_twice_claims_once(client):
    profile = a_profile()
    form = EWA | {"organization": "Orlik", "whom": profile.pk}
    client.post(SIGN_UP, form)
    client.post(SIGN_UP, form)
    code = newest_code()
    for _ in range(2):
        client.post(CONFIRM, {"code": code})
    assert VerificationCase.objects.count() == 1


def test_another_member_in_the_same_browser_claims_nothing(client, bob):
    profile = a_profile()
    client.post(SIGN_UP, EWA | {"organization": "Orlik", "whom": profile.pk})
    ask_for_code(client, bob.email)
    client.post(reverse("account_confirm_login_code"), {"code": newest_code()})
    assert is_logged_in(client)
    assert not VerificationCase.objects.exists()
    assert "accounts_joining" not in client.session


def test_an_account_that_is_there_gets_the_choice_after_its_own_code(client, bob):
    profile = a_profile()
    form = EWA | {"email": bob.email, "organization": "Orlik", "whom": profile.pk}
    client.post(SIGN_UP, form)
    assert not VerificationCase.objects.exists()
    ask_for_code(client, bob.email)
    answer = client.post(reverse("account_confirm_login_code"), {"code": newest_code()})
    assert answer.url == "/welcome/"
    assert VerificationCase.objects.get().opened_by == bob


def test_a_choice_is_kept_for_two_hours(client, bob, time_machine):
    time_machine.move_to(timezone.now())
    client.post(
        SIGN_UP, EWA | {"email": bob.email, "organization": "Orlik", "whom": a_profile().pk}
    )
    time_machine.shift(2 * 60 * 60 + 1)
    ask_for_code(client, bob.email)
    assert client.post(reverse("account_confirm_login_code"), {"code": newest_code()}).url == "/"
    assert not VerificationCase.objects.exists()


def test_a_name_taken_meanwhile_is_told_and_the_account_is_there(client, bob):
    client.post(SIGN_UP, EWA | {"organization": "Klub Sęp", "whom": "new"})
    new = actions.NewOrganization(name="Klub Sęp", kind="informal")
    actions.create_organization(member=bob, new=new, standing=actions.Standing())
    assert client.post(CONFIRM, {"code": newest_code()}).url == "/welcome/"
    assert "już" in said(client)[-1]
    assert not ewa().mandates.exists()


def test_settling_again_changes_nothing(bob, dana, fundacja):
    choices = [
        Choice(Way.NEW, name="Klub Sęp", kind="informal"),
        Choice(Way.ORGANIZATION, organization=a_profile().pk),
        Choice(Way.ORGANIZATION, organization=fundacja.pk),
    ]
    for choice in choices:
        first = actions.settle(member=bob, choice=choice)
        assert actions.settle(member=bob, choice=choice) == first
    assert Organization.objects.filter(name="Klub Sęp").count() == 1
    with pytest.raises(Refused):
        actions.settle(member=dana, choice=choices[0])


def test_so_many_organizations_a_day(client, settings, bob):
    settings.CASES_PER_DAY = 1
    for number in range(2):
        form = {"organization": f"Klub nr {number}", "whom": "new", "email": bob.email}
        client.post(SIGN_UP, EWA | form)
        ask_for_code(client, bob.email)
        client.post(reverse("account_confirm_login_code"), {"code": newest_code()})
        sentences = said(client)
        client.post(reverse("account_logout"))
    assert Organization.objects.count() == 1
    assert "To dużo jak na jeden dzień" in sentences[-1]


# --- Finding -------------------------------------------------------------------------------------
def test_without_scripts_the_search_keeps_what_was_typed(client, fundacja):
    answer = client.post(SIGN_UP, EWA | {"organization": "fundacji start", "look": "1"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{fundacja.pk}"' in html
    assert 'value="ewa@example.org"' in html
    assert 'value="fundacji start"' in html
    assert "errorlist" not in html


def test_where_nothing_is_found_it_is_new(client):
    html = client.get(reverse("accounts:choices"), {"organization": "Kółko"}).content.decode()
    assert 'value="new" checked' in html
    assert "nie ma jeszcze takiej nazwy" in html


def test_a_profile_leads_here_with_itself_chosen(client):
    profile = a_profile()
    page = client.get(profile.get_absolute_url()).content.decode()
    address = page.split(f'href="{SIGN_UP}?organization')[1].split('"')[0].replace("&amp;", "&")
    html = client.get(f"{SIGN_UP}?organization{address}").content.decode()
    assert f'value="{profile.pk}" checked' in html


def test_looking_is_bounded(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # all within one window
    address = reverse("accounts:choices")
    answers = [client.get(address, {"organization": "x"}).status_code for _ in range(91)]
    assert answers == [200] * 90 + [429]


def test_looking_costs_the_same(client, fundacja, django_assert_num_queries):
    for number in range(3):
        a_profile(f"Fundacja nr {number}", register_number="")
        with django_assert_num_queries(2):
            client.get(reverse("accounts:choices"), {"organization": "fundacja"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Fundacja Dobry Start", "foundation"),
        ("Stowarzyszenie „Sąsiedzi”", "association"),
        ("KGW Nadarzynianki", "rural_womens_circle"),
        ("OSP Raszyn", "fire_brigade"),
        ("UKS Sęp", "pupils_sports_club"),
        ("KS Sęp", "sports_club"),
        ("Klub Szachowy Hetman", "informal"),
    ],
)
def test_the_name_tells_the_kind(name, kind):
    assert kind_of_name(name) == kind


# --- Where one lands -----------------------------------------------------------------------------
def test_the_first_post_waits_to_be_written(client, bob):
    quiet, lively = a_category(), a_category()
    type(lively).objects.filter(pk=lively.pk).update(threads_count=5)
    type(quiet).objects.filter(pk=quiet.pk).update(threads_count=1)
    orlik = a_profile()
    a_mandate(bob, orlik)
    User.objects.filter(pk=bob.pk).update(last_voice=orlik)
    bob.refresh_from_db()
    log_in(client, bob)
    page = client.get("/welcome/", follow=True)
    form = page.context["form"]
    assert page.context["category"] == lively
    assert form["title"].value() == f"Dzień dobry, tu {orlik.called}"
    assert form["voice"].value() == orlik.pk


def test_without_a_place_to_write_the_first_page_is_shown(client):
    a_category(readers="members")
    log_in(client, a_member("Ewa", "Lis"))
    assert client.get("/welcome/").url == "/"


def test_guests_are_asked_to_log_in(client):
    assert "/accounts/login/" in client.get("/welcome/").url
