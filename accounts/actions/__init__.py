"""What changes people, organizations and what joins the two."""

from accounts.actions.claiming import (
    NameTaken,
    NewOrganization,
    Standing,
    claim,
    create_organization,
    demand_free,
    note_change,
    open_succession,
)
from accounts.actions.completing import (
    answer,
    ask_register,
    clear_documents,
    note_reading,
    refresh_facts,
    withdraw_case,
)
from accounts.actions.deciding import MovedOn, Verdict, decide
from accounts.actions.handing_over import Afterwards, hand_over
from accounts.actions.holding import Term
from accounts.actions.importing import import_organizations, plan_import
from accounts.actions.invitations import (
    Invited,
    accept_invitation,
    invite,
    invite_again,
    mark_bounced,
    open_invitation,
    revoke_invitation,
)
from accounts.actions.join_requests import (
    accept_request,
    ask_to_join,
    decline_request,
    withdraw_request,
)
from accounts.actions.log import record
from accounts.actions.mandates import (
    change_mandate,
    confirm_mandate,
    end_mandate,
    grant,
    leave,
    leave_to_adviser,
    note_document_reading,
    show_name,
)
from accounts.actions.members import (
    admit,
    change_profile,
    choose_language,
    confirm_email,
    remember_term,
    restrict,
    seal_factors_anew,
    take_off_second_factor,
)
from accounts.actions.organizations import (
    ChangedMeanwhile,
    Taken,
    change_logo,
    change_organization,
)
from accounts.actions.reminders import mark_abandoned, remind_of_ends, remind_to_confirm
from accounts.actions.settling import Place, Settled, settle
from accounts.actions.waves import invite_wave, waiting_for_a_letter

__all__ = [
    "Afterwards",
    "ChangedMeanwhile",
    "Invited",
    "MovedOn",
    "NameTaken",
    "NewOrganization",
    "Place",
    "Settled",
    "Standing",
    "Taken",
    "Term",
    "Verdict",
    "accept_invitation",
    "accept_request",
    "admit",
    "answer",
    "ask_register",
    "ask_to_join",
    "change_logo",
    "change_mandate",
    "change_organization",
    "change_profile",
    "choose_language",
    "claim",
    "clear_documents",
    "confirm_email",
    "confirm_mandate",
    "create_organization",
    "decide",
    "decline_request",
    "demand_free",
    "end_mandate",
    "grant",
    "hand_over",
    "import_organizations",
    "invite",
    "invite_again",
    "invite_wave",
    "leave",
    "leave_to_adviser",
    "mark_abandoned",
    "mark_bounced",
    "note_change",
    "note_document_reading",
    "note_reading",
    "open_invitation",
    "open_succession",
    "plan_import",
    "record",
    "refresh_facts",
    "remember_term",
    "remind_of_ends",
    "remind_to_confirm",
    "restrict",
    "seal_factors_anew",
    "revoke_invitation",
    "settle",
    "show_name",
    "take_off_second_factor",
    "waiting_for_a_letter",
    "withdraw_case",
    "withdraw_request",
]
