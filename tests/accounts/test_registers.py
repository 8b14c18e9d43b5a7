"""Public registers: recorded answers, every way of not answering, and what is kept of it."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accounts import actions, registers
from accounts.models import Organization
from accounts.registers import Facts, NotFound, OpenKrs, Unavailable
from accounts.registers.comparing import compare
from forum.jobs.models import Job
from forum.overview.background import RegisterIsAway, ask_register
from tests.accounts.cases import KRS, a_claim, a_new_one, a_profile, fresh

# In the shape of the open interface; the association is invented.
EXTRACT = {
    "odpis": {
        "rodzaj": "Aktualny",
        "naglowekA": {
            "rejestr": "RejS",
            "numerKRS": KRS,
            "stanZDnia": "20.11.2026",
            "dataRejestracjiWKRS": "04.03.2015",
            "numerOstatniegoWpisu": 7,
        },
        "dane": {
            "dzial1": {
                "danePodmiotu": {
                    "formaPrawna": "STOWARZYSZENIE",
                    "identyfikatory": {"regon": "99104729600000", "nip": "0000158385"},
                    "nazwa": "STOWARZYSZENIE NOWY MOST",
                    "czyPosiadaStatusOPP": True,
                },
                "siedzibaIAdres": {
                    "siedziba": {"kraj": "POLSKA", "gmina": "PIASTÓW", "miejscowosc": "PIASTÓW"},
                    "adres": {
                        "ulica": "UL. POLNA",
                        "nrDomu": "3",
                        "nrLokalu": "2",
                        "kodPocztowy": "05-820",
                        "miejscowosc": "PIASTÓW",
                        "kraj": "POLSKA",
                    },
                },
            },
            "dzial2": {
                "reprezentacja": {
                    "nazwaOrganu": "ZARZĄD",
                    "sposobReprezentacji": "DWÓCH CZŁONKÓW ZARZĄDU\n DZIAŁAJĄCYCH ŁĄCZNIE.",
                    "sklad": [{"nazwisko": {"nazwiskoICzlon": "K****"}}],
                }
            },
        },
    }
}
FACTS = Facts(
    name="STOWARZYSZENIE NOWY MOST",
    number=KRS,
    legal_form="STOWARZYSZENIE",
    nip="0000158385",
    regon="991047296",
    address="UL. POLNA 3/2, 05-820 PIASTÓW",
    representation="DWÓCH CZŁONKÓW ZARZĄDU DZIAŁAJĄCYCH ŁĄCZNIE.",
    is_opp=True,
    as_of="20.11.2026",
)


class Register:
    """A register on this machine: `answers` maps a part of it to what it sends."""

    def __init__(self):
        self.asked, self.answers = [], {}
        register = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                register.asked.append(self.path)
                part = self.path.partition("rejestr=")[2][0]
                register.answers.get(part, not_found)(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/krs"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def send(handler, body, status=200, **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def extract(handler):
    send(handler, json.dumps(EXTRACT).encode())


def not_found(handler):
    send(handler, b"", 404)


def moved(handler):
    send(handler, b"", 302, Location=f"http://127.0.0.1:{handler.server.server_port}/elsewhere")


def silent(handler):
    time.sleep(1)


def dripping(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def huge(handler):
    try:
        send(handler, b'{"odpis": "' + b"x" * 3_000_000 + b'"}')
    except OSError:
        return


def cut(handler):
    send(handler, json.dumps(EXTRACT).encode()[:200], Content_Length="9999")


def sends(body, status=200):
    return lambda handler: send(handler, body, status)


@pytest.fixture
def register():
    made = Register()
    yield made
    made.close()


@pytest.fixture
def krs(register):
    return OpenKrs(register.url, timeout_s=0.3)


# --- The open KRS -------------------------------------------------------------------------------
def test_an_extract_is_read(register, krs):
    register.answers["S"] = extract
    assert krs.lookup(KRS) == FACTS
    assert register.asked == [f"/api/krs/OdpisAktualny/{KRS}?rejestr=S&format=json"]


def test_entrepreneurs_are_asked_where_associations_know_nothing(register, krs):
    register.answers["P"] = extract
    assert krs.lookup(KRS) == FACTS
    assert len(register.asked) == 2


def test_a_number_in_neither_part_is_not_found(register, krs):
    assert krs.lookup(KRS) == NotFound()
    assert len(register.asked) == 2


@pytest.mark.parametrize("number", ["", "12", "000990000x", "../../../etc", "٠٠٠٩٩٠٠٠٠١"])
def test_what_is_no_number_is_not_asked(register, krs, number):
    assert krs.lookup(number) == NotFound()
    assert register.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        moved,
        silent,
        dripping,
        huge,
        cut,
        sends(b"", 500),
        sends(b"", 429),
        sends(b"<html>Przerwa techniczna</html>"),
        sends(b"[]"),
        sends(b'"tekst"'),
        sends(b"{}"),
        sends(b"[" * 900_000),
        sends(b"\xff\xfe"),
        sends(json.dumps(EXTRACT).replace(KRS, "0009900009").encode()),
        sends(b'{"odpis": {"naglowekA": {"numerKRS": "0009900001"}, "dane": [1, 2]}}'),
    ],
)
def test_every_other_answer_is_no_answer(register, krs, answer):
    register.answers["S"] = answer
    begin = time.monotonic()
    assert isinstance(krs.lookup(KRS), Unavailable)
    assert time.monotonic() - begin < 5
    assert "/elsewhere" not in register.asked


def test_a_register_that_is_down_is_unavailable(register):
    register.close()
    assert isinstance(OpenKrs(register.url, timeout_s=0.3).lookup(KRS), Unavailable)


def test_missing_details_are_empty(register, krs):
    bare = {
        "odpis": {
            "naglowekA": {"numerKRS": KRS},
            "dane": {"dzial1": {"danePodmiotu": {"nazwa": "OSP"}}, "dzial2": None},
        }
    }
    register.answers["S"] = sends(json.dumps(bare).encode())
    assert krs.lookup(KRS) == Facts(name="OSP", number=KRS)


def test_several_bodies_are_told_one_after_the_other(register, krs):
    several = json.loads(json.dumps(EXTRACT))
    several["odpis"]["dane"]["dzial2"]["reprezentacja"] = [
        {"sposobReprezentacji": "Prezes."},
        {"sposobReprezentacji": "Dwóch łącznie."},
    ]
    register.answers["S"] = sends(json.dumps(several).encode())
    assert krs.lookup(KRS).representation == "Prezes. Dwóch łącznie."


# --- Which registers are asked ------------------------------------------------------------------
def test_nothing_is_asked_by_default():
    assert registers.source_of("krs") is None
    assert registers.lookup("krs", KRS) is None


@pytest.mark.parametrize("name", sorted({*Organization.Register.values} - {"krs"}))
def test_the_other_registers_are_for_people_to_look_into(settings, name):
    settings.KRS_LOOKUP_URL = "http://127.0.0.1:9"
    assert registers.source_of("krs")
    assert registers.source_of(name) is None


# --- What is kept with the case -----------------------------------------------------------------
@pytest.fixture
def asked(settings, register):
    """The forum asks the register on this machine."""
    settings.KRS_LOOKUP_URL = register.url
    return register


@pytest.mark.django_db
def test_a_case_has_the_register_asked_in_the_background(asked, bob):
    asked.answers["S"] = extract
    case = a_claim(bob)
    job = Job.objects.get(kind="verification.ask_register")
    assert job.args == {"case_pk": case.pk}
    assert asked.asked == []
    ask_register.call(**job.args)
    case = fresh(case)
    assert case.register_facts == FACTS.as_json()
    assert case.facts_fetched_at
    assert case.version == 0


@pytest.mark.django_db
def test_no_register_that_can_be_asked_no_job(bob, settings):
    a_claim(bob)
    settings.KRS_LOOKUP_URL = "http://127.0.0.1:9"
    a_new_one(bob)
    assert not Job.objects.filter(kind="verification.ask_register").exists()


@pytest.mark.django_db
def test_a_register_that_is_away_is_asked_again_and_takes_nothing_away(asked, bob):
    case = a_claim(bob)
    asked.answers["S"] = sends(b"", 503)
    with pytest.raises(RegisterIsAway):
        ask_register.call(case.pk)
    assert fresh(case).register_facts == {"outcome": "unavailable"}
    asked.answers["S"] = extract
    ask_register.call(case.pk)
    asked.answers["S"] = sends(b"", 503)
    with pytest.raises(RegisterIsAway):
        ask_register.call(case.pk)
    assert fresh(case).register_facts["outcome"] == "found"


@pytest.mark.django_db
def test_an_unknown_number_is_an_answer(asked, bob):
    case = a_claim(bob)
    ask_register.call(case.pk)
    assert fresh(case).register_facts == {"outcome": "not_found"}


@pytest.mark.django_db
def test_a_closed_case_is_not_asked_about(asked, bob):
    case = a_claim(bob)
    actions.withdraw_case(member=bob, case=case)
    ask_register.call(case.pk)
    ask_register.call(case.pk + 1)
    assert asked.asked == []


@pytest.mark.django_db
def test_staff_has_it_asked_again(asked, bob, carol):
    case = a_claim(bob)
    actions.ask_register(staff=carol, case=case)
    assert Job.objects.filter(kind="verification.ask_register").count() == 2


# --- Beside each other --------------------------------------------------------------------------
@pytest.mark.django_db
def test_differences_are_said_in_words(bob):
    profile = a_profile(nip="0000237570", address="Polna 3/2, 05-820 Piastów")
    lines = compare(a_claim(bob, profile).claimed, FACTS.as_json())
    said = {str(line.label): (str(line.verdict), line.tone) for line in lines}
    assert said == {
        "Nazwa": ("te same słowa", "same"),
        "Numer w rejestrze": ("to samo", "same"),
        "NIP": ("różni się", "different"),
        "REGON": ("tylko w rejestrze", "one-sided"),
        "Adres": ("te same słowa", "same"),
    }
    only_claimed = compare({"nip": "0000158385"}, {})
    assert [(str(line.verdict), line.tone) for line in only_claimed] == [
        ("tylko w zgłoszeniu", "one-sided")
    ]
