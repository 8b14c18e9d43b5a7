"""The log: JSON, one name a request, and nothing about people, whatever happens."""

import json
import logging
import re
import smtplib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from accounts.models import User
from forum.jobs import worker
from forum.jobs.models import Job
from forum.lib import tracing
from forum.lib.limits import allow
from forum_site import logs, redacting
from forum_site.log_forms import JsonLines, Lines
from tests.factories import a_category, a_thread

NAME, LAST = "Grażyna", "Wąsowska"
EMAIL = "grazyna.wasowska@klub.example.org"
TEXT = "Nasza skarbniczka zachorowała i nie wiemy, kto podpisze umowę"
ADDRESS = "203.0.113.77"
PERSONAL = (NAME, LAST, "grazyna.wasowska", "klub.example.org", "skarbniczka", ADDRESS)


class Kept(logging.Handler):
    """What would be written, line by line."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(formatter)
        self.lines: list[str] = []
        self.raw: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))
        self.raw.append(Lines(is_redacted=False).format(record))

    def said(self) -> list[dict]:
        return [json.loads(line) for line in self.lines]


@pytest.fixture(params=[JsonLines, Lines], ids=["json", "line"])
def log(request: pytest.FixtureRequest) -> Iterator[Kept]:
    kept, root = Kept(request.param()), logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    # The value of LOGGING, as far as tests run without it.
    backends = logging.getLogger("django.db.backends")
    backends_before = backends.level
    backends.setLevel(
        logs.configuration(form="json", level="DEBUG", is_redacted=True)["loggers"][
            "django.db.backends"
        ]["level"]
    )
    yield kept
    backends.setLevel(backends_before)
    root.setLevel(before)
    root.removeHandler(kept)


@pytest.fixture
def json_log(log: Kept) -> Kept:
    log.setFormatter(JsonLines())
    return log


def refusing(error: Exception):
    class Backend:
        def __init__(self, *_args: object, **_options: object) -> None: ...

        def send_messages(self, _messages: object) -> int:
            raise error

    return Backend


@pytest.mark.django_db(transaction=True)
def test_a_whole_evening_leaves_nothing_personal(log, client, settings, monkeypatch):
    client.raise_request_exception = False
    client.defaults["REMOTE_ADDR"] = ADDRESS
    # Signing up, with a wrong code and the right one.
    client.post("/accounts/signup/", {"email": EMAIL, "display_name": f"{NAME} {LAST}"})
    client.post("/accounts/confirm-email/", {"code": "0000-0000"})
    member = User.objects.get(email=EMAIL)
    client.post("/accounts/login/", {"login": EMAIL, "password": "a-wrong-one"})
    client.force_login(member)
    # A post, a page that breaks with the words of the post, an address that does not exist.
    thread = a_thread(member, a_category(), title=TEXT, body=TEXT)
    client.post(f"/threads/{thread.pk}/replies/", {"body": TEXT})
    monkeypatch.setattr("forum.discussions.actions.reply", break_with(ValueError(TEXT)))
    assert client.post(f"/threads/{thread.pk}/replies/", {"body": f"{TEXT}!"}).status_code == 500
    client.get(f"/nie-ma/{NAME}-{LAST}/?q={EMAIL}")
    client.get("/", headers={"host": f"{LAST.lower()}.example.net"})
    # Mail that the server refuses with everything it knows.
    for error in (
        smtplib.SMTPRecipientsRefused({EMAIL: (550, f"no such user {NAME}".encode())}),
        smtplib.SMTPDataError(554, f"spam from {NAME} {EMAIL}".encode()),
        ConnectionRefusedError(111, f"{ADDRESS} refused"),
    ):
        monkeypatch.setattr(
            "forum.jobs.mail.get_connection", lambda *_a, _e=error, **_k: refusing(_e)()
        )
        settings.EMAIL_BACKEND = "forum.jobs.mail.QueuedBackend"
        mail.EmailMessage("Kod", TEXT, to=[EMAIL], connection=mail.get_connection()).send()
        while worker.work_once("test"):
            pass
    # The same address twice, which the database refuses with the value.
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        User.objects.create_user(EMAIL, display_name=f"{NAME} {LAST}")
    logging.getLogger("forum.test").error("Not saved", exc_info=twice.value)
    logging.getLogger("forum.test").error("%s of %s failed: %s", member, thread, twice.value)
    logging.getLogger("forum.test").error("%s came from %s", EMAIL, ADDRESS)
    judge(log)


def judge(log: Kept) -> None:
    text = "\n".join(log.lines)
    assert [word for word in PERSONAL if word in text] == []
    # It could have been there: without redaction it is.
    raw = "\n".join(log.raw)
    assert [word for word in PERSONAL if word not in raw] == []
    assert "forum.test" in text
    assert "its row says why" in text
    assert "ValueError" in text
    assert "accounts.User" in text
    assert Job.objects.exclude(last_error="").exists()


def break_with(error: Exception):
    def broken(**_given: object) -> None:
        raise error

    return broken


@pytest.mark.django_db
def test_a_fault_tells_its_number_on_the_page_in_the_header_and_in_the_log(
    json_log, client, monkeypatch
):
    client.raise_request_exception = False
    monkeypatch.setattr("forum.overview.views.home.ListPage", break_with_any(KeyError("x")))
    answer = client.get("/")
    trace = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", trace)
    assert answer.status_code == 500
    assert f"<code>{trace}</code>" in answer.content.decode()
    faults = [said for said in json_log.said() if said.get("error") == "KeyError"]
    assert faults[0]["trace"] == trace
    assert faults[0]["view"] == "overview:home"
    assert "home.py" in faults[0]["stack"]


def break_with_any(error: Exception):
    def broken(*_args: object, **_given: object) -> None:
        raise error

    return broken


@pytest.mark.django_db
def test_the_proxys_name_for_a_request_is_taken_only_where_a_proxy_is_trusted(client, settings):
    given = {"X-Request-ID": "0123456789abcdef0123456789abcdef"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert client.get("/", headers=given).headers["X-Request-ID"] != given["X-Request-ID"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/", headers=given).headers["X-Request-ID"] == given["X-Request-ID"]
    forged = {"X-Request-ID": "two\twords and more"}
    assert re.fullmatch("[0-9a-f]{16}", client.get("/", headers=forged).headers["X-Request-ID"])


@pytest.mark.django_db
def test_each_request_is_one_line_without_its_path(json_log, client, bob):
    thread = a_thread(bob)
    answer = client.get(f"{thread.get_absolute_url()}?after=3")
    (line,) = [said for said in json_log.said() if said["logger"] == "forum.requests"]
    assert line["view"] == "discussions:thread"
    assert line["trace"] == answer.headers["X-Request-ID"]
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "INFO")
    assert f"/{thread.pk}/" not in json.dumps(line)


def test_what_a_job_logs_carries_its_number(json_log):
    with tracing.named("job-7"):
        logging.getLogger("forum.jobs").warning("slow")
    logging.getLogger("forum.jobs").warning("outside")
    inside, outside = json_log.said()
    assert inside["trace"] == "job-7"
    assert "trace" not in outside


@pytest.mark.parametrize("sender", ["2001:db8:0:1", ADDRESS, EMAIL])
def test_a_limit_that_is_not_counted_is_told_without_who_it_is_for(log, monkeypatch, sender):
    """The first four groups of an IPv6 address, by which senders are counted, have no shape."""

    def away(*_args: object, **_given: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("forum.lib.limits.cache.add", away)
    assert allow(f"notice:{sender}", 1, timedelta(hours=1))
    (line,) = log.lines
    assert "the limit notice is not counted" in line
    assert sender not in line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("to anna.nowak+ngo@klub.org.pl now", "to [e-mail] now"),
        ("from 10.20.30.40:443", "from [address]:443"),
        ("from 2001:db8:0:1::77", "from [address]"),
        ("call +48 601 234 567", "call [number]"),
        ("PESEL 90010112345", "PESEL [number]"),
        ("/threads/7/?q=Anna&page=2 gone", "/threads/7/?[query] gone"),
        ("redis://user:secret@cache:6379/0", "redis://cache:6379/0"),
        ("/join/Zx9kQmLp27aBcDeFgHiJ/", "/join/[token]/"),
        ("key 5f2b8c0d9e1a4f6b7c8d9e0f", "key [token]"),
        ('File "forum/discussions/views/threads.py", line 120', None),
        ("Job mail.send 1234567 failed, attempt 1 of 12", None),
        ("2026-11-26 05:31:18,123", None),
        ("test_a_failing_job_is_logged_and_the_next_one_runs", None),
    ],
)
def test_what_is_known_by_its_shape_goes(text, shown):
    assert redacting.shapes(text) == (text if shown is None else shown)


def test_an_error_keeps_its_words_only_where_they_name_nobody():
    assert "has no attribute" in redacting.error(AttributeError("'X' object has no attribute 'y'"))
    assert NAME not in redacting.error(ValueError(f"bad literal {NAME}"))
    assert NAME not in redacting.error(OSError(28, "No space left on device", f"/files/{NAME}"))
    assert "No space left" in redacting.error(OSError(28, "x", f"/files/{NAME}"))


def test_an_unknown_form_is_refused():
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT"):
        logs.configuration(form="xml", level="INFO", is_redacted=True)


def test_without_redaction_a_developer_reads_everything():
    record = logging.LogRecord("a", logging.INFO, "a.py", 1, "to %s", (EMAIL,), None)
    assert EMAIL in Lines(is_redacted=False).format(record)
    assert EMAIL in JsonLines(is_redacted=False).format(record)
    assert EMAIL not in Lines().format(record)
