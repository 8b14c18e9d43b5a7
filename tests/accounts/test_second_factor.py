"""The second factor: set up, asked for at every way in, and demanded at the staff doors."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as forum_settings
from django.core import mail
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts import rules, second_factor
from accounts.models import User
from tests.accounts.doors import ForbiddenByCsp, ask_for_code, is_logged_in, newest_code
from tests.accounts.factors import PERIOD_S, app_shows, give_app, wrong_digits
from tests.cast import PASSWORD, a_member, just_logged_in, logged_in

pytestmark = pytest.mark.django_db

NEEDED = "/account/second-factor/"
STEP = "/accounts/2fa/authenticate/"
INDEX = "/accounts/2fa/"
ACTIVATE = "/accounts/2fa/totp/activate/"
CODES = "/accounts/2fa/recovery-codes/"
SECRET_ON_PAGE = re.compile(r'<code class="secret">([A-Z2-7]+)</code>')


@pytest.fixture(autouse=True)
def _still(time_machine):
    """A code of an app counts for half a minute: the clock stands."""
    time_machine.move_to(timezone.now().replace(second=10, microsecond=0), tick=False)


@pytest.fixture
def grace(db):
    return a_member("Grace", "Bąk", password=PASSWORD)


@pytest.fixture
def demanded(settings):
    settings.REQUIRE_SECOND_FACTOR = True


# --- Setting it up -------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_app_is_set_up_with_a_picture_and_a_code(bob):
    client = just_logged_in(bob)
    html = client.get(ACTIVATE).content.decode()
    assert 'src="data:image/svg+xml;base64,' in html
    assert ForbiddenByCsp(html).found == []
    secret = SECRET_ON_PAGE.search(html)[1]
    assert client.post(ACTIVATE, {"code": app_shows(secret)}).url == CODES
    assert second_factor.has(bob)
    page = client.get(CODES).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", page)) == 10
    assert mail.outbox[-1].to == [bob.email]
    assert "aplikacja uwierzytelniająca" in mail.outbox[-1].body


def test_a_wrong_code_switches_nothing_on(bob):
    client = just_logged_in(bob)
    client.get(ACTIVATE)
    answer = client.post(ACTIVATE, {"code": "000000"})
    assert "Ten kod nie pasuje" in answer.content.decode()
    assert not second_factor.has(bob)


def test_without_a_fresh_login_one_confirms_first(bob):
    answer = logged_in(bob).get(ACTIVATE)
    assert answer.url.startswith(reverse("accounts:reauthenticate_by_code"))


def test_the_codes_can_be_downloaded_for_half_an_hour(bob, time_machine):
    codes = give_app(bob)
    client = just_logged_in(bob, method="mfa")
    download = client.get(CODES + "download/")
    assert download["Content-Disposition"].startswith("attachment")
    assert set(re.findall(r"^\d{8}$", download.content.decode(), re.MULTILINE)) == set(codes)
    time_machine.shift(31 * 60)
    for path in (CODES, CODES + "download/"):
        assert client.get(path).url.startswith("/accounts/2fa/reauthenticate/")


def test_new_codes_replace_the_old_ones(bob):
    old = give_app(bob)
    client = just_logged_in(bob, method="mfa")
    assert client.post(CODES + "generate/").url == CODES
    page = client.get(CODES).content.decode()
    assert not [code for code in old if code in page]


def test_switching_off_takes_the_codes_along(bob):
    give_app(bob)
    client = just_logged_in(bob, method="mfa")
    assert client.post("/accounts/2fa/totp/deactivate/").url == INDEX
    assert not Authenticator.objects.exists()
    assert "wyłączono aplikację" in mail.outbox[-1].body


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize(
    "path",
    [
        INDEX,
        CODES,
        CODES + "generate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/reauthenticate/",
        NEEDED,
    ],
)
def test_every_page_is_in_our_look(bob, path, language):
    give_app(bob)
    bob.language = language
    bob.save()
    answer = just_logged_in(bob, method="mfa").get(path)
    html = answer.content.decode()
    page = ForbiddenByCsp(html)
    assert (answer.status_code, page.found, page.headings) == (200, [], 1)
    assert 'class="masthead"' in html
    assert f'<html lang="{language}"' in html


# --- Ways in -------------------------------------------------------------------------------------
def enter(way, client, member):
    if way == "password":
        return client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    if way == "code":
        confirm = ask_for_code(client, member.email).url
        return client.post(confirm, {"code": newest_code()})
    client.post("/accounts/password/reset/", {"email": member.email})
    client.post("/accounts/password/reset/confirm/", {"code": newest_code()})
    new = {"password1": "niebieska-rzeka-9", "password2": "niebieska-rzeka-9"}
    return client.post("/accounts/password/reset/complete/", new)


@pytest.mark.parametrize("way", ["password", "code", "a new password"])
def test_every_way_in_asks_for_it(client, grace, way):
    give_app(grace)
    assert enter(way, client, grace).url == STEP
    assert not is_logged_in(client)
    assert ForbiddenByCsp(client.get(STEP).content.decode()).found == []
    client.post(STEP, {"code": wrong_digits()})
    assert not is_logged_in(client)
    client.post(STEP, {"code": app_shows()})
    assert is_logged_in(client)


def test_a_code_opens_once_only(grace):
    give_app(grace)
    first, second = Client(), Client()
    for client in (first, second):
        enter("password", client, grace)
        client.post(STEP, {"code": app_shows()})
    assert [is_logged_in(first), is_logged_in(second)] == [True, False]


@pytest.mark.parametrize(("periods", "expected"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(client, grace, periods, expected):
    give_app(grace)
    enter("password", client, grace)
    client.post(STEP, {"code": app_shows(periods_later=periods)})
    assert is_logged_in(client) == expected


def test_a_recovery_code_works_once(grace):
    code = give_app(grace)[0]
    for expected in (True, False):
        client = Client()
        enter("password", client, grace)
        client.post(STEP, {"code": code})
        assert is_logged_in(client) == expected


def test_codes_are_not_tried_without_end(client, grace, time_machine):
    give_app(grace)
    enter("password", client, grace)
    for _ in range(5):
        client.post(STEP, {"code": wrong_digits()})
    client.post(STEP, {"code": app_shows()})
    assert not is_logged_in(client)
    time_machine.shift(5 * 60 + PERIOD_S)
    client.post(STEP, {"code": app_shows()})
    assert is_logged_in(client)


# --- Staff doors ---------------------------------------------------------------------------------
def test_every_staff_door_is_one_of_the_forum():
    names = {
        f"{namespace}:{pattern.name}"
        for namespace in get_resolver(None).namespace_dict
        for pattern in get_resolver(None).namespace_dict[namespace][1].url_patterns
        if isinstance(pattern, URLPattern)
    }
    for door in forum_settings.STAFF_DOORS:
        assert any(name.startswith(door) for name in names), door


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "/threads/1/manage/"])
def test_the_adviser_without_one_is_led_to_set_it_up(carol, demanded, path):
    client = logged_in(carol)
    answer = client.get(path)
    assert (answer.status_code, answer.url.split("?")[0]) == (303, NEEDED)
    page = client.get(answer.url)
    assert ACTIVATE in page.content.decode()
    assert "/accounts/2fa/webauthn/add/" in page.content.decode()


def test_a_form_at_a_staff_door_changes_nothing(carol, bob, demanded):
    answer = logged_in(carol).post(reverse("admin:accounts_user_change", args=[bob.pk]), {})
    assert answer.url == f"{NEEDED}?next=%2F"


def test_the_adviser_with_one_passes(carol, demanded):
    give_app(carol)
    assert just_logged_in(carol, method="mfa").get("/admin/").status_code == 200


def test_reading_and_writing_go_on_without_one(carol, demanded):
    client = logged_in(carol)
    assert client.get("/").status_code == 200
    assert client.get("/account/").status_code == 200
    assert client.get("/threads/").status_code == 200


def test_members_and_guests_are_not_led_there(client, bob, demanded):
    assert NEEDED not in logged_in(bob).get("/admin/").url
    assert NEEDED not in client.get("/admin/").url


def test_without_the_setting_nobody_is_asked(carol, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    assert just_logged_in(carol, method="mfa").get("/admin/").status_code == 200


def test_after_logging_in_staff_is_led_there_and_then_on(client, carol, demanded):
    confirm = ask_for_code(client, carol.email, next="/threads/").url
    answer = client.post(confirm, {"code": newest_code(), "next": "/threads/"})
    assert answer.url == f"{NEEDED}?next=%2Fthreads%2F"
    give_app(carol)
    assert 'href="/threads/"' in client.get(answer.url).content.decode()


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_page_leads_to_no_other_host(carol, bad):
    give_app(carol)
    assert bad not in logged_in(carol).get(NEEDED, {"next": bad}).context["back"]


# --- Representatives, by setting -----------------------------------------------------------------
def test_by_setting_representatives_need_one_to_speak(alice, fundacja, settings):
    assert rules.may_speak(alice, fundacja) is True
    settings.REQUIRE_SECOND_FACTOR_OF_REPRESENTATIVES = True
    refusal = rules.may_speak(alice, fundacja)
    assert "drugie zabezpieczenie" in str(refusal.sentence)
    assert list(rules.voices_of(alice)) == []
    assert rules.may_speak(alice, None) is True
    give_app(alice)
    assert rules.may_speak(alice, fundacja) is True
    assert list(rules.voices_of(alice)) == [fundacja]


def test_by_setting_representatives_are_led_there(client, alice, settings):
    settings.REQUIRE_SECOND_FACTOR_OF_REPRESENTATIVES = True
    confirm = ask_for_code(client, alice.email).url
    assert client.post(confirm, {"code": newest_code()}).url.startswith(NEEDED)


def test_members_without_a_voice_are_not_led_there(client, bob, settings):
    settings.REQUIRE_SECOND_FACTOR_OF_REPRESENTATIVES = True
    confirm = ask_for_code(client, bob.email).url
    assert client.post(confirm, {"code": newest_code()}).url == "/"


# --- A lost telephone ----------------------------------------------------------------------------
def remove_factor(client, member):
    return client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "take_off_second_factor", "_selected_action": [member.pk]},
    )


def test_an_administrator_takes_it_off_and_the_member_is_told(bob):
    root = User.objects.create_superuser("root@example.org", display_name="Administrator")
    give_app(bob)
    remove_factor(just_logged_in(root), bob)
    assert not Authenticator.objects.filter(user=bob).exists()
    assert mail.outbox[-1].to == [bob.email]


def test_the_adviser_cannot_take_it_off(carol, bob):
    give_app(bob)
    remove_factor(just_logged_in(carol), bob)
    assert second_factor.has(bob)
