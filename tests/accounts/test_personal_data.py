"""Every field that may be about a person is in the registry, and the registry tells the truth."""

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from django.urls import reverse

from accounts import personal_data
from accounts.models import User
from tests.cast import logged_in

pytestmark = pytest.mark.django_db


def test_every_personal_field_is_in_the_registry():
    assert personal_data.unlisted(apps.get_models()) == []


@isolate_apps("accounts")
def test_a_new_personal_field_would_be_found():
    class Diary(models.Model):  # noqa: DJ008
        user = models.ForeignKey(User, models.CASCADE, related_name="+")
        words = models.TextField()
        pages = models.IntegerField()

        class Meta:
            app_label = "accounts"

    class Picture(models.Model):  # noqa: DJ008
        diary = models.ForeignKey(Diary, models.CASCADE)
        file = models.FileField()

        class Meta:
            app_label = "accounts"

    class Weather(models.Model):  # noqa: DJ008
        words = models.TextField()

        class Meta:
            app_label = "accounts"

    assert personal_data.unlisted([Diary, Picture, Weather]) == [
        "accounts.Diary.user",
        "accounts.Diary.words",
        "accounts.Picture.file",
    ]


def test_a_new_field_of_a_known_model_would_be_found(monkeypatch):
    holding = next(each for each in personal_data.holdings() if each.model is User)
    monkeypatch.delitem(holding.fields, "display_name")
    assert personal_data.unlisted([User]) == ["accounts.User.display_name"]


@pytest.mark.parametrize("holding", personal_data.holdings(), ids=lambda each: each.model.__name__)
def test_the_registry_names_fields_that_exist(holding, bob):
    for name in [*holding.fields, *holding.secret, *holding.impersonal]:
        assert holding.model._meta.get_field(name)
    assert not set(holding.fields) & set(holding.secret)
    assert list(holding.rows(bob)) is not None


@pytest.mark.parametrize("language", ["pl", "en"])
def test_everybody_reads_what_is_kept(client, language):
    client.cookies["django_language"] = language
    page = client.get(reverse("accounts:personal_data"))
    html = page.content.decode()
    assert page.status_code == 200
    assert html.count("<section") == len(personal_data.holdings()) + len(personal_data.traces())
    assert {"pl": "odcisk hasła", "en": "a fingerprint of the password"}[language] in html


def test_the_page_is_linked_from_every_footer_and_the_account(client, bob):
    address = reverse("accounts:personal_data")
    assert address in client.get("/").content.decode()
    assert address in logged_in(bob).get(reverse("accounts:profile")).content.decode()
