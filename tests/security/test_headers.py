"""Every answer, from every address, to everybody: the headers that keep browsers on our side."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from tests.accounts.doors import ForbiddenByCsp
from tests.cast import just_logged_in
from tests.factories import a_thread, an_attachment, opening_post
from tests.security.walking import addresses

pytestmark = pytest.mark.django_db

ADDRESSES = sorted({path for _name, path in addresses()})


@pytest.fixture
def things(bob):
    """Something at the numbers that the walk tries, wherever numbers begin with 1."""
    thread = a_thread(bob)
    an_attachment(bob, opening_post(thread))
    return thread


@pytest.fixture
def administrator(db):
    return User.objects.create_superuser("root@example.org", display_name="Administrator")


@pytest.fixture(params=["guest", "bob", "administrator"])
def reader(request, client, things):
    if request.param == "guest":
        return client
    return just_logged_in(request.getfixturevalue(request.param))


def policy_of(answer):
    return dict(
        (part.split(" ", 1) + [""])[:2]
        for part in answer.headers["Content-Security-Policy"].split("; ")
    )


def assert_guarded(answer, path):
    headers = answer.headers
    policy = policy_of(answer)
    assert "'unsafe-eval'" not in str(policy), path
    if "sandbox" in policy:
        # Nothing runs there: a file, or the letter as a mail program will show it.
        assert policy["sandbox"] == "", path
        assert policy["default-src"] == "'none'", path
        assert "script-src" not in policy, path
    else:
        assert "'unsafe-inline'" not in str(policy), path
        assert policy["default-src"] == "'self'", path
        assert policy["script-src"].startswith("'self' 'nonce-"), path
        assert (policy["object-src"], policy["base-uri"]) == ("'none'", "'none'"), path
        assert policy["frame-ancestors"] == "'none'", path
    assert headers["X-Content-Type-Options"] == "nosniff", path
    assert headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}, path
    assert headers["X-Frame-Options"] == "DENY" or "sandbox" in policy, path
    assert headers["Referrer-Policy"] == "same-origin", path
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
    assert "camera=()" in headers["Permissions-Policy"], path
    assert headers["Cache-Control"], path


def test_the_walk_reaches_every_room():
    for path in ("/", "/threads/1/", "/admin/accounts/user/1/change/", "/accounts/2fa/"):
        assert path in ADDRESSES
    assert len(ADDRESSES) > 200


def test_every_answer_has_them_and_none_is_a_fault(reader):
    """Also refusals, redirects and pages that are not there; and a POST of nothing."""
    statuses, kept_for_all = set(), set()
    for path in ADDRESSES:
        answer = reader.get(path)
        statuses.add(answer.status_code)
        if "public" in answer.headers["Cache-Control"]:
            kept_for_all.add(path)
        assert answer.status_code < 500, path
        assert_guarded(answer, path)
        is_page = "text/html" in answer.headers.get("Content-Type", "")
        if is_page and "sandbox" not in policy_of(answer):
            assert ForbiddenByCsp(answer.content.decode()).found == [], path
    assert {200, 404, 405} <= statuses
    # Only what bears its content in its address may be kept by caches that others use.
    assert kept_for_all <= {"/organizations/1/logo/x.webp"}


def test_a_post_of_nothing_is_no_fault_either(reader):
    for path in ADDRESSES:
        if path in {"/accounts/logout/", "/admin/logout/"}:
            continue
        answer = reader.post(path)
        assert answer.status_code < 500, path
        assert_guarded(answer, path)


def test_a_page_can_be_gone_back_to(client, things):
    """`no-store` would take what was typed: browsers throw such a page away when it is left."""
    answer = client.get(things.get_absolute_url())
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_each_answer_has_a_nonce_of_its_own(client):
    found = {policy_of(client.get("/"))["script-src"] for _ in range(5)}
    assert len(found) == 5


def test_the_nonce_of_the_page_is_the_one_of_its_header(client):
    answer = client.get("/")
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    assert set(re.findall(r'nonce="([^"]+)"', answer.content.decode())) == {nonce}


def test_static_files_have_them_too(client):
    path = "css/tokens.css"
    assert isinstance(finders.find(path), str)
    answer = client.get(f"/static/{path}")
    assert answer.getvalue()
    answer.close()
    assert_guarded(answer, path)


def test_a_page_that_breaks_has_them(bob, monkeypatch):
    """Even where the answer is made because everything else failed."""
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("forum_site.context.bell_of", _broken)
    client.force_login(bob)
    answer = client.get("/")
    assert answer.status_code == 500
    assert_guarded(answer, "500")
    assert ForbiddenByCsp(answer.content.decode()).found == []


def _broken(*_args, **_more):
    raise RuntimeError("everything fails")


def test_a_host_that_is_not_ours_gets_a_page_without_it(client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
    assert answer.headers["Content-Security-Policy"]


def test_an_attached_file_can_do_nothing(client, things):
    attachment = opening_post(things).attachments.get()
    answer = client.get(reverse("discussions:attachment", args=[attachment.key]))
    assert answer.status_code == 200
    assert "sandbox" in policy_of(answer)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


TLS = override_settings(
    SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SESSION_COOKIE_SECURE=True
)


@TLS
def test_over_tls_browsers_are_told_to_stay_on_it(client):
    answer = client.get("/", secure=True)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in client.get("/").headers


@pytest.mark.parametrize("path", ["/accounts/logout/", "/admin/logout/"])
def test_logging_out_takes_pages_out_of_the_browser(bob, administrator, path):
    client = just_logged_in(administrator)
    assert "Clear-Site-Data" not in client.get("/", secure=True).headers
    answer = client.post(path, secure=True)
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    del client.cookies["sessionid"]
    assert "Clear-Site-Data" not in client.get("/", secure=True).headers


NEEDED = {
    "Content-Security-Policy",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
}


def test_the_proxys_own_pages_and_files_say_the_same():
    """nginx serves them without asking the forum."""
    site = Path("deploy/nginx/site.inc.template").read_text()
    for place in ("/static/", "/proxy-pages/", "/private-files/"):
        said = dict(
            line.split(maxsplit=2)[1:]
            for line in site.partition(f"location {place} {{")[2].partition("\n}")[0].splitlines()
            if line.strip().startswith("add_header ")
        )
        assert said.keys() >= NEEDED, place
        assert said["X-Content-Type-Options"].startswith("nosniff"), place
        if place == "/private-files/":
            continue  # the forum's own words, handed on
        assert said["Referrer-Policy"] == "same-origin always;", place
        assert said["Cross-Origin-Resource-Policy"] == "same-origin always;", place
        assert said["X-Frame-Options"] == "DENY always;", place
        assert "frame-ancestors 'none'" in said["Content-Security-Policy"], place
