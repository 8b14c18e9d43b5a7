"""What happens to organizations, as events: called by accounts through its plugs.

Locks: none, accounts holds the transaction.
"""

from collections.abc import Sequence

from accounts.models import Mandate, OrganizationEvent
from forum.notifications import kinds_of_accounts as of
from forum.notifications.actions.looking_again import look_again
from forum.notifications.actions.telling import tell

Step = OrganizationEvent.Kind

# For each step of the log: the detail that names its row, what the row is called, who is told.
TOLD: dict[str, tuple[str, str, Sequence[str]]] = {
    Step.INVITED: ("invitation", "invitation", [of.Invited.name]),
    Step.JOIN_ASKED: ("request", "join_request", [of.JoinAsked.name]),
    Step.JOIN_ANSWERED: ("request", "join_request", [of.JoinAnswered.name]),
    Step.VERIFICATION_OPENED: ("case", "case", [of.CaseWaiting.name]),
    Step.VERIFICATION_ANSWERED: ("case", "case", [of.CaseWaiting.name]),
    Step.VERIFICATION_ACCEPTED: ("case", "case", [of.CaseDecided.name]),
    Step.VERIFICATION_ASKED: ("case", "case", [of.CaseDecided.name]),
    Step.VERIFICATION_REFUSED: ("case", "case", [of.CaseDecided.name]),
    Step.MANDATE_GRANTED: ("mandate", "mandate", [of.MandateGranted.name]),
    Step.MANDATE_ENDED: ("mandate", "mandate", [of.MandateOver.name]),
}
# Steps after which something told before is over.
OVER = {
    Step.INVITATION_ACCEPTED: ("invitation", "invitation"),
    Step.INVITATION_REVOKED: ("invitation", "invitation"),
    Step.JOIN_ANSWERED: ("request", "join_request"),
    Step.JOIN_WITHDRAWN: ("request", "join_request"),
    Step.VERIFICATION_ACCEPTED: ("case", "case"),
    Step.VERIFICATION_ASKED: ("case", "case"),
    Step.VERIFICATION_REFUSED: ("case", "case"),
    Step.VERIFICATION_ANSWERED: ("case", "case"),
    Step.VERIFICATION_WITHDRAWN: ("case", "case"),
    Step.MANDATE_ENDED: ("mandate", "mandate"),
}


def note_step(step: OrganizationEvent) -> None:
    """Tell of the step whoever it concerns. Queries: at most three."""
    if step.kind in OVER:
        detail, name = OVER[Step(step.kind)]
        look_again(abouts=[f"{name}.{step.details[detail]}"])
    if step.kind in TOLD:
        detail, name, kinds = TOLD[step.kind]
        tell(actor=step.actor, about=f"{name}.{step.details[detail]}", kinds=kinds)
    elif step.kind == Step.SUCCESSION_NEEDED:
        name = of.SuccessionNeeded.name
        tell(actor=step.actor, about=f"organization.{step.organization_id}", kinds=[name])


def note_end_of(mandate: Mandate) -> None:
    """Tell that the mandate ends soon. Queries: two."""
    tell(actor=None, about=f"mandate.{mandate.pk}", kinds=[of.MandateEnds.name])
