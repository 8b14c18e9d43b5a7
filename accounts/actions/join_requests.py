"""Members ask organizations to be let in, and are answered."""

from django.db import transaction
from django.utils import timezone

from accounts import rules
from accounts.actions.holding import Held, Term, hold
from accounts.actions.log import record
from accounts.actions.mandates import take_in
from accounts.letters import write
from accounts.models import JoinRequest, Mandate, Organization, OrganizationEvent, User
from forum.lib.answers import demand

Kind = OrganizationEvent.Kind
Answer = JoinRequest.Answer


def ask_to_join(
    *, member: User, organization: Organization, role: str, message: str = ""
) -> JoinRequest:
    """The request; the representatives are told, the advisers where there are none.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_ask_to_join(member, organization))
    with transaction.atomic():
        held = hold(organization)
        demand(rules.may_ask_to_join(member, organization))
        request = JoinRequest.objects.create(
            organization=held.organization, user=member, role=role, message=message
        )
        _record(held, member, Kind.JOIN_ASKED, request)
        for reader in rules.who_answers_for(held.organization):
            write("join_asked", reader, request=request, organization=held.organization)
    return request


def accept_request(*, actor: User, request: JoinRequest, term: Term) -> Mandate:
    """The mandate of whoever asked. Raises: Refused. Locks: the organization's row."""
    demand(rules.may_answer(actor, request))
    with transaction.atomic():
        held = hold(request.organization)
        request = _fresh(request, held)
        demand(rules.may_answer(actor, request))
        _answer(request, Answer.ACCEPTED, actor)
        mandate = take_in(
            held,
            member=request.user,
            term=term,
            granted_by=actor,
            ground=_ground(actor, held.organization),
        )
        _record(held, actor, Kind.JOIN_ANSWERED, request)
        write("join_accepted", request.user, request=request, mandate=mandate)
    return mandate


def decline_request(*, actor: User, request: JoinRequest, reason: str) -> JoinRequest:
    """The request, answered with a no and its reason.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_answer(actor, request))
    with transaction.atomic():
        held = hold(request.organization)
        request = _fresh(request, held)
        demand(rules.may_answer(actor, request))
        _answer(request, Answer.DECLINED, actor, reason)
        _record(held, actor, Kind.JOIN_ANSWERED, request)
        write("join_declined", request.user, request=request, organization=held.organization)
    return request


def withdraw_request(*, member: User, request: JoinRequest) -> JoinRequest:
    """The member's own request, taken back. Raises: Refused. Locks: the organization's row."""
    demand(rules.may_withdraw_request(member, request))
    with transaction.atomic():
        held = hold(request.organization)
        request = _fresh(request, held)
        demand(rules.may_withdraw_request(member, request))
        _answer(request, Answer.WITHDRAWN, member)
        _record(held, member, Kind.JOIN_WITHDRAWN, request)
    return request


def _answer(
    request: JoinRequest, answer: JoinRequest.Answer, actor: User, reason: str = ""
) -> None:
    request.answer = answer
    request.answered_by = actor
    request.answered_at = timezone.now()
    request.reason = reason
    request.save(update_fields=["answer", "answered_by", "answered_at", "reason"])


def _ground(actor: User, organization: Organization) -> str:
    """On what the mandate stands: the representatives' word, or the adviser's."""
    is_theirs = rules.representatives_of(organization).filter(pk=actor.pk).exists()
    return Mandate.Ground.RESOLUTION if is_theirs else Mandate.Ground.ADVISER


def _fresh(request: JoinRequest, held: Held) -> JoinRequest:
    found = JoinRequest.objects.select_related("user").get(pk=request.pk)
    found.organization = held.organization
    return found


def _record(held: Held, actor: User, kind: OrganizationEvent.Kind, request: JoinRequest) -> None:
    record(
        organization=held.organization,
        actor=actor,
        kind=kind,
        request=request.pk,
        member=request.user_id,
        answer=str(request.answer),
    )
