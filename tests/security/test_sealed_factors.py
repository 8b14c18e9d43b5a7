"""Secrets of second factors are sealed in the database, and change their key without being lost."""

import json
import logging

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection

from accounts import actions
from forum.lib import sealed
from forum_site.doctoring import State, keys
from tests.accounts.factors import SECRET, app_shows, give_app

KEY, LATER = "zdanie-pierwsze-" * 3 + "7f3a", "calkiem-inne-slowa-" * 3 + "91bc"


@pytest.fixture(autouse=True)
def _key(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = KEY, []


def as_stored(member):
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator WHERE user_id = %s", [member.pk])
        return json.dumps([str(row) for row in cursor.fetchall()])


def app_of(member):
    return TOTP(Authenticator.objects.get(user=member, type=Authenticator.Type.TOTP))


def codes_of(member):
    factor = Authenticator.objects.get(user=member, type=Authenticator.Type.RECOVERY_CODES)
    return RecoveryCodes(factor).get_unused_codes()


def test_what_is_sealed_opens_again_and_looks_different_each_time():
    first, second = sealed.seal("ąść"), sealed.seal("ąść")
    assert first != second
    assert sealed.opened(first) == sealed.opened(second) == "ąść"


def test_what_was_changed_does_not_open():
    with pytest.raises(sealed.Unreadable):
        sealed.opened(sealed.seal("secret")[:-6] + "AAAA==")
    with pytest.raises(sealed.Unreadable):
        sealed.opened("secret")


@pytest.mark.django_db
def test_a_copy_of_the_database_holds_no_secret(bob):
    codes = give_app(bob)
    assert SECRET not in as_stored(bob)
    assert not any(code in as_stored(bob) for code in codes)
    assert app_of(bob).validate_code(app_shows())


@pytest.mark.django_db
def test_after_a_change_of_keys_the_app_still_fits_and_is_sealed_anew(bob, settings):
    codes = give_app(bob)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = LATER, [KEY]
    assert app_of(bob).validate_code(app_shows())
    assert actions.seal_factors_anew() == 2
    assert actions.seal_factors_anew() == 0
    settings.SECRET_KEY_FALLBACKS = []
    assert app_of(bob).validate_code(app_shows(periods_later=1))
    assert codes_of(bob) == codes


@pytest.mark.django_db
def test_without_the_key_no_code_fits_and_nothing_breaks(bob, settings, caplog):
    codes = give_app(bob)
    settings.SECRET_KEY = LATER
    with caplog.at_level(logging.ERROR):
        assert not app_of(bob).validate_code(app_shows())
        assert not set(codes_of(bob)) & set(codes)
    assert "another SECRET_KEY" in caplog.text
    assert actions.seal_factors_anew() == 0
    settings.SECRET_KEY = KEY
    assert app_of(bob).validate_code(app_shows())


@pytest.mark.django_db
def test_the_doctor_calls_them_well_while_their_key_is_known(bob, settings):
    give_app(bob)
    settings.SECRET_KEY = LATER
    (found,) = [each for each in keys.second_factors() if each.state == State.FAULT]
    assert "SECRET_KEY_FALLBACKS" in found.do
    settings.SECRET_KEY_FALLBACKS = [KEY]
    assert not [each for each in keys.second_factors() if each.state == State.FAULT]
