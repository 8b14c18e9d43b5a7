import os

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.http import Http404
from django.test import RequestFactory

from forum.jobs.mailbox import html_of, latest_mails, mailbox


def write(directory, *subjects):
    connection = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(directory)
    )
    connection.send_messages(
        [
            EmailMessage(subject, f"Kod: 1234-5678\n\n{subject} ąęł", to=["ewa@example.org"])
            for subject in subjects
        ]
    )


def test_mails_are_read_newest_first(tmp_path):
    write(tmp_path, "Pierwszy", "Drugi")
    for number, file in enumerate(tmp_path.iterdir()):
        os.utime(file, (number, number))
    write(tmp_path, "Trzeci – żółw")
    mails = latest_mails(tmp_path, 50)
    assert [mail.subject for mail in mails] == ["Trzeci – żółw", "Drugi", "Pierwszy"]
    assert mails[0].to == "ewa@example.org"
    assert mails[0].body == "Kod: 1234-5678\n\nTrzeci – żółw ąęł"


def test_no_more_than_the_limit_is_shown(tmp_path):
    write(tmp_path, *(str(number) for number in range(7)))
    assert [mail.subject for mail in latest_mails(tmp_path, 3)] == ["6", "5", "4"]


def test_a_directory_that_is_not_there_is_an_empty_mailbox(tmp_path):
    assert latest_mails(tmp_path / "none", 50) == []


def test_outside_development_there_is_no_mailbox(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    assert settings.DEBUG is False
    with pytest.raises(Http404):
        mailbox(RequestFactory().get("/dev/mail/"))


@pytest.fixture
def html_mail(settings, tmp_path):
    """A mail with an HTML part, as the page lists it."""
    settings.EMAIL_FILE_PATH = tmp_path
    settings.DEBUG = True
    message = EmailMultiAlternatives("Nowość", "Zażółć", to=["ewa@example.org"])
    message.attach_alternative("<p>Zażółć</p><script>alert(1)</script>", "text/html")
    connection = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path)
    )
    connection.send_messages([message])
    (mail,) = latest_mails(tmp_path, 50)
    return mail


def test_the_html_of_a_mail_is_shown_where_it_can_do_nothing(html_mail):
    answer = html_of(RequestFactory().get("/"), html_mail.file, html_mail.number)
    assert "<p>Zażółć</p>" in answer.content.decode()
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert "script-src" not in answer["Content-Security-Policy"]  # so: default-src 'none'
    assert html_mail.body == "Zażółć"


@pytest.mark.parametrize(
    ("file", "number"), [("../secret-key", 0), ("none.log", 0), ("", 0), ("..", 0)]
)
def test_no_other_file_is_shown(html_mail, file, number):
    with pytest.raises(Http404):
        html_of(RequestFactory().get("/"), file, number)


def test_the_html_is_for_development_only(html_mail, settings):
    settings.DEBUG = False
    with pytest.raises(Http404):
        html_of(RequestFactory().get("/"), html_mail.file, html_mail.number)
    settings.DEBUG = True
    elsewhere = RequestFactory(REMOTE_ADDR="10.0.0.7").get("/")
    with pytest.raises(Http404):
        html_of(elsewhere, html_mail.file, html_mail.number)
