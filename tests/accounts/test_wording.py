"""Django's and allauth's stiff sentences are said in plainer Polish."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from accounts.wording import COUNTED, SENTENCES
from tests.accounts.doors import sign_up

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sentence", SENTENCES)
def test_ours_win_over_those_that_come_with_django(sentence):
    assert gettext(sentence) != sentence


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": ""}, "Wypełnij to pole."),
        ({"email": "anna@"}, "Powinien wyglądać tak: anna@przyklad.pl"),
        ({"name": "x" * 81}, "Tu mieści się najwyżej 80 znaków, a jest ich 81."),
    ],
)
def test_the_forms_say_them(client, fields, words):
    assert words in sign_up(client, **fields).content.decode()


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("abc", "Potrzeba co najmniej 12 znaków."),
        ("1234567890", "Hasło nie może składać się z samych cyfr."),
        ("password123", "To hasło jest zbyt znane"),
    ],
)
def test_passwords_are_refused_in_them(password, words):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert words in " ".join(refused.value.messages)


def test_numbers_have_their_forms():
    assert "1 znak," in str(COUNTED[1] % {"limit_value": 1, "show_value": 2})
    assert "2 znaki " in str(COUNTED[2] % {"limit_value": 2, "show_value": 1})
