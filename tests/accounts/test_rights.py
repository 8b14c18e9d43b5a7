"""Every role tries every action through its door; the answers are those of docs/rights.md.

To extend: a row in a table there, and a try of the same name here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Mandate, Organization, User, VerificationCase
from tests import cast
from tests.accounts.mandate_world import a_request, an_invitation
from tests.duty import tries as tries_of_duty
from tests.factories import a_category
from tests.floors import ROOT
from tests.moderation import tries

TABLES = ROOT / "docs" / "rights.md"
Role = Mandate.Role
Try = Callable[["World"], HttpResponseBase]
TRIES: dict[str, Try] = {}


class World:
    """The organization, its people, one who tries something, and the browser they try it in."""

    def __init__(self, role: str) -> None:
        self.organization = cast.make_fundacja()
        self.office = cast.make_starostwo()
        # Somebody always represents it: the last representative is another story.
        self.head = cast.a_member("Alice", "Nowak")
        cast.a_mandate(self.head, self.organization)
        self.other = cast.a_member("Ewa", "Lis")
        self.others_mandate = cast.a_mandate(self.other, self.organization, Role.PROXY)
        self.role = role
        self.actor = None if role == "guest" else self._actor()
        self.client = Client()
        if self.actor is not None:
            # As a browser would that is still logged in when the account is suspended.
            cast.log_in(self.client, self.actor)
            self._suspend()

    def _actor(self) -> User:
        actor = cast.a_member("Bob", "Kowalski")
        yesterday = timezone.localdate() - timedelta(days=1)
        places = {
            "member": (self.organization, Role.MEMBER, None),
            "proxy": (self.organization, Role.PROXY, None),
            "representative": (self.organization, Role.REPRESENTATIVE, None),
            "former": (self.organization, Role.REPRESENTATIVE, yesterday),
            "suspended": (self.organization, Role.REPRESENTATIVE, None),
        }
        if self.role == "elsewhere":
            cast.a_mandate(actor, cast.make_orlik())
        elif self.role in places:
            organization, role, last = places[self.role]
            cast.a_mandate(actor, organization, role, valid_to=last)
        actor.is_staff = self.role == "adviser"
        actor.save()
        return actor

    def _suspend(self) -> None:
        assert self.actor is not None
        if self.role == "suspended":
            User.objects.filter(pk=self.actor.pk).update(is_active=False)

    @contextmanager
    def before_the_suspension(self) -> Iterator[None]:
        """For what the actor wrote while the account was as any other."""
        if self.actor is not None:
            User.objects.filter(pk=self.actor.pk).update(is_active=True)
        yield
        if self.actor is not None:
            self._suspend()

    def get(self, name: str, *args: object) -> HttpResponseBase:
        return self.client.get(reverse(f"accounts:{name}", args=args))

    def post(self, name: str, /, *args: object, **form: object) -> HttpResponseBase:
        return self.client.post(reverse(f"accounts:{name}", args=args), form)


def action(name: str) -> Callable[[Try], Try]:
    def register(attempt: Try) -> Try:
        TRIES[name] = attempt
        return attempt

    return register


# --- Mandates ---
@action("see the people of the organization")
def _people(world: World) -> HttpResponseBase:
    return world.get("people", world.organization.pk)


@action("read the log of its steps")
def _log(world: World) -> HttpResponseBase:
    return world.get("people_log", world.organization.pk)


@action("change a mandate")
def _change(world: World) -> HttpResponseBase:
    form = {"role": "member", "valid_from": "2026-01-01", "valid_to": ""}
    return world.post("change_mandate", world.others_mandate.pk, **form)


@action("end a mandate")
def _end(world: World) -> HttpResponseBase:
    return world.post("end_mandate", world.others_mandate.pk)


@action("read the document of a mandate")
def _document(world: World) -> HttpResponseBase:
    world.others_mandate.document.save("a.pdf", ContentFile(b"%PDF-1.4"))
    return world.get("mandate_document", world.others_mandate.pk)


@action("confirm a mandate of another")
def _confirm(world: World) -> HttpResponseBase:
    return world.post("confirm_mandate", world.others_mandate.pk)


@action("confirm one's own mandate")
def _confirm_own(world: World) -> HttpResponseBase:
    own = Mandate.objects.filter(user=world.actor, organization=world.organization).first()
    return world.post("confirm_mandate", own.pk if own else 0)


@action("leave")
def _leave(world: World) -> HttpResponseBase:
    return _with_own(world, "leave")


@action("hand over")
def _hand_over(world: World) -> HttpResponseBase:
    form = {"to": world.others_mandate.pk, "afterwards": "leaves"}
    return _with_own(world, "hand_over", **form)


@action("agree to be named")
def _be_named(world: World) -> HttpResponseBase:
    return _with_own(world, "show_name", on="1")


@action("name another on the page")
def _name_another(world: World) -> HttpResponseBase:
    return world.post("show_name", world.others_mandate.pk, on="1")


def _with_own(world: World, name: str, **form: object) -> HttpResponseBase:
    """With the mandate of the head of the organization, where the actor has none here."""
    own = Mandate.objects.filter(user=world.actor, organization=world.organization).first()
    mandate = own or world.head.mandates.get()
    return world.post(name, mandate.pk, **form)


# --- Coming in ---
@action("invite by e-mail")
def _invite(world: World) -> HttpResponseBase:
    form = {"emails": "ola@example.org", "role": "member"}
    return world.post("invite", world.organization.pk, **form)


@action("send an invitation again")
def _invite_again(world: World) -> HttpResponseBase:
    invitation, _ = an_invitation(world.head, world.organization, "ola@example.org")
    return world.post("invite_again", world.organization.pk, invitation.pk)


@action("withdraw an invitation")
def _revoke(world: World) -> HttpResponseBase:
    invitation, _ = an_invitation(world.head, world.organization, "ola@example.org")
    return world.post("revoke_invitation", world.organization.pk, invitation.pk)


@action("read an invitation by its link")
def _read_invitation(world: World) -> HttpResponseBase:
    _, link = an_invitation(world.head, world.organization, "ola@example.org")
    return world.client.get(link)


@action("accept an invitation to one's own address")
def _accept_own(world: World) -> HttpResponseBase:
    _, link = an_invitation(world.head, world.organization, "bob@example.org")
    return world.client.post(f"{link}accept/")


@action("accept an invitation to another's address")
def _accept_anothers(world: World) -> HttpResponseBase:
    _, link = an_invitation(world.head, world.organization, "ola@example.org")
    return world.client.post(f"{link}accept/")


@action("ask to join")
def _ask(world: World) -> HttpResponseBase:
    return world.post("ask_to_join", world.organization.pk, role="member")


@action("answer a request to join")
def _answer(world: World) -> HttpResponseBase:
    asked = a_request(cast.a_member("Jan", "Sowa"), world.organization)
    form = {"role": "member", "valid_from": "2026-01-01"}
    return world.post("join_request", asked.pk, **form)


@action("take back a request of another")
def _take_back(world: World) -> HttpResponseBase:
    asked = a_request(cast.a_member("Jan", "Sowa"), world.organization)
    return world.post("withdraw_request", asked.pk)


@action("claim the organization")
def _claim(world: World) -> HttpResponseBase:
    form = {"kind": "claim", "position": "prezes", "ground": "statute"}
    return world.post("claim", world.organization.pk, **form)


@action("claim the office")
def _claim_the_office(world: World) -> HttpResponseBase:
    return world.post("claim", world.office.pk, position="prezes", ground="statute")


@action("add an organization")
def _add(world: World) -> HttpResponseBase:
    form = {"name": "Klub Sęp", "kind": "informal", "gmina": "raszyn", "register": "none"}
    form |= {"position": "prezes", "ground": "statute"}
    return world.post("create_organization", **form)


@action("add a public office")
def _add_an_office(world: World) -> HttpResponseBase:
    form = {"name": "Urząd", "kind": "office", "gmina": "raszyn", "register": "none"}
    form |= {"position": "prezes", "ground": "statute"}
    return world.post("create_organization", **form)


@action("read a verification of another")
def _read_case(world: World) -> HttpResponseBase:
    name = "desk_case" if world.role == "adviser" else "case"
    return world.get(name, _case(world).pk)


@action("decide a verification")
def _decide(world: World) -> HttpResponseBase:
    return world.post("desk_accept", _case(world).pk, version=0)


@action("see the queue of verifications")
def _queue(world: World) -> HttpResponseBase:
    return world.get("desk_queue")


def _case(world: World) -> VerificationCase:
    opener = cast.a_member("Jan", "Sowa")
    return actions.claim(
        member=opener, organization=world.organization, standing=actions.Standing("prezes")
    )


# --- The profile, and one's own data ---
@action("read the profile")
def _read_profile(world: World) -> HttpResponseBase:
    return world.client.get(world.organization.get_absolute_url())


@action("change the profile")
def _change_profile(world: World) -> HttpResponseBase:
    form = {"name": "Fundacja Dobry Start", "kind": "foundation", "register": "none"}
    address = reverse("organizations:edit", args=[world.organization.pk])
    return world.client.post(address, form | {"body": "", "body_format": "markdown"})


@action("make it an office")
def _make_it_an_office(world: World) -> HttpResponseBase:
    address = reverse("organizations:edit", args=[world.organization.pk])
    form = {"name": "Fundacja", "kind": "office", "register": "none", "body_format": "markdown"}
    return world.client.post(address, form)


@action("take out one's own data")
def _export(world: World) -> HttpResponseBase:
    return world.get("export")


# --- Speaking ---
@action("write in the organization's name")
def _speak(world: World) -> HttpResponseBase:
    return _started(world, world.organization)


@action("write in the office's name")
def _speak_for_the_office(world: World) -> HttpResponseBase:
    return _started(world, world.office)


def _started(world: World, voice: Organization) -> HttpResponseBase:
    address = reverse("discussions:start", args=[a_category().pk])
    form = {"title": "Sala we wtorki", "body": "Kto chce?", "body_format": "markdown"}
    return world.client.post(address, {**form, "voice": voice.pk})


TRIES |= tries.TRIES | tries_of_duty.TRIES


# --- The tables ---
def rows() -> Iterator[tuple[str, str, bool]]:
    """Each action and role of the tables, with the answer they give."""
    roles: list[str] = []
    for line in TABLES.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            roles = []
        elif cells[0] == "action":
            roles = cells[1:]
        elif roles and not cells[0].startswith("---"):
            assert len(cells) == len(roles) + 1, line
            for role, cell in zip(roles, cells[1:], strict=True):
                assert cell in {"yes", "–"}, f"{cells[0]}, {role}: {cell!r}"
                yield cells[0], role, cell == "yes"


def was_done(answer: HttpResponseBase) -> bool:
    """A page, or the redirect after a deed; not the way to the login, a refusal or a form again."""
    if answer.status_code in (302, 303):
        return not answer["Location"].startswith("/accounts/")
    return answer.status_code == 200


ROWS = list(rows())


def test_every_row_is_tried_and_every_try_has_a_row():
    assert {name for name, _, _ in ROWS} == set(TRIES)


def test_the_tables_can_fail():
    """Every role is refused something, and may do something but what needs more than it has."""
    answers = {(role, may) for _, role, may in ROWS}
    assert answers == {(role, may) for _, role, _ in ROWS for may in (True, False)}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "role", "may"), ROWS, ids=lambda value: str(value))
def test_the_table_says_what_happens(name, role, may):
    answer = TRIES[name](World(role))
    answer.close()  # it may hold a file
    assert was_done(answer) == may
