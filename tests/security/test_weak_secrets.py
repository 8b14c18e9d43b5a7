"""A forum whose secrets can be guessed does not start, or says so."""

import base64
import os
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from forum_site import checks, environment
from tests.floors import ROOT

GOOD = "b7Qw_2xN9sLk4vRt8mZc1yHf6pJd3gTa5uXe0oWi"


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "a" * 50,
        "abcdefghijklmnopqrst" * 3,
        "django-insecure-" + GOOD,
        "change-me-" + GOOD,
        "my-secret-key-" + GOOD,
        "1231231231231231231231231231231231231234",
    ],
)
def test_a_key_that_can_be_guessed_is_refused(monkeypatch, tmp_path, weak):
    monkeypatch.setenv("SECRET_KEY", weak)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment.secret("SECRET_KEY", tmp_path / "key")
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{GOOD},{weak}")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        environment.secrets("SECRET_KEY_FALLBACKS")


def test_keys_that_chance_made_are_taken(monkeypatch, tmp_path):
    makers = (
        get_random_secret_key,
        lambda: secrets.token_urlsafe(48),
        lambda: secrets.token_hex(32),
        lambda: base64.b64encode(secrets.token_bytes(48)).decode(),
    )
    for make in makers:
        for _ in range(50):
            key = make()
            monkeypatch.setenv("SECRET_KEY", key)
            assert environment.secret("SECRET_KEY", tmp_path / "key") == key.strip()


def test_few_signs_are_taken_where_chance_makes_so_few(monkeypatch):
    """Ten different ones were asked for once, which one of ten thousand hexadecimal keys lacks."""
    monkeypatch.setenv("SECRET_KEY", "0123456789"[:8] + "7103526410273645" + "01725346")
    assert environment.secret_or_none("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY", "0123456" + "6103526410263645" + "016253461")
    with pytest.raises(ImproperlyConfigured):
        environment.secret_or_none("SECRET_KEY")


def test_the_start_is_refused_by_name(tmp_path):
    variables = {"SECRET_KEY": "change-me-" + GOOD, "DATA_DIR": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
    )
    assert answer.returncode != 0
    assert "SECRET_KEY can be guessed" in answer.stderr
    assert GOOD not in answer.stderr + answer.stdout


def ids(check: Any, **replaced: Any) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "settings", _Settings(**replaced))
        return [message.id for message in check(None)]


class _Settings:
    """Settings with some replaced, without the signals that would rebuild databases."""

    def __init__(self, **replaced: Any) -> None:
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(settings, name)


@pytest.mark.parametrize(
    ("user", "password", "wrong"),
    [
        ("forum", "forum", ["forum.E013"]),
        ("forum", "postgres", ["forum.E013"]),
        ("forum-of-the-county", "forum-of-the-county", ["forum.E013"]),
        ("forum", "8c1f0e5b7a9d4c62", []),
        ("forum", "", []),
    ],
)
def test_a_password_of_the_database_that_is_tried_first_is_refused(user, password, wrong):
    database = {"default": {"ENGINE": "x", "USER": user, "PASSWORD": password}}
    assert ids(checks.secrets, DEBUG=False, DATABASES=database) == wrong


@pytest.mark.parametrize(
    ("hosts", "wrong"),
    [(["*"], ["forum.E014"]), ([".example.org"], ["forum.E014"]), (["forum.example.org"], [])],
)
def test_hosts_are_named(hosts, wrong):
    assert ids(checks.ways_in, DEBUG=False, ALLOWED_HOSTS=hosts) == wrong


@pytest.mark.parametrize(
    ("site", "wrong"),
    [
        ("http://forum.example.org", ["forum.W001"]),
        ("https://forum.example.org", []),
        ("http://localhost:8080", []),
    ],
)
def test_a_site_without_tls_is_warned_of(site, wrong):
    assert ids(checks.ways_in, DEBUG=False, SITE_URL=site) == wrong


def test_a_mail_password_in_the_clear_is_warned_of():
    given = {"EMAIL_HOST": "mail.example.org", "EMAIL_HOST_PASSWORD": "x", "DEBUG": False}
    assert ids(checks.ways_in, **given, EMAIL_USE_TLS=False) == ["forum.W002"]
    assert ids(checks.ways_in, **given, EMAIL_USE_TLS=True) == []


def test_the_name_in_site_url_is_answered_to_without_saying_so_twice(tmp_path):
    read = _read(tmp_path, "ALLOWED_HOSTS", SITE_URL="https://forum.example.org")
    assert "'forum.example.org'" in read
    assert "*" not in read


def test_over_tls_cookies_stay_on_it_and_on_this_host(tmp_path):
    names = "SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE"
    assert _read(tmp_path, names, SITE_URL="https://forum.example.org") == (
        "('__Host-session', True, True)"
    )
    assert _read(tmp_path, names) == "('sessionid', False, False)"


def test_over_tls_everybody_is_led_there(tmp_path):
    names = "SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS >= 31_536_000"
    site = {"SITE_URL": "https://forum.example.org"}
    assert _read(tmp_path, names, **site) == "(True, True)"
    assert _read(tmp_path, names, **site, TLS_REDIRECT="false") == "(False, True)"


def _read(data_dir, names, **variables):
    program = f"from django.conf import settings; print((settings.{names}))"
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir)}
    environ |= {"DJANGO_SETTINGS_MODULE": "forum_site.settings", **variables}
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()
