"""What moderation keeps: cases, reports, decisions that never change, and who decides."""

from forum.moderation.models.cases import DESK_PK, Case, CaseQuerySet, Desk, StaffNote
from forum.moderation.models.decisions import (
    Appeal,
    Decision,
    DecisionQuerySet,
    Grounds,
    Proposal,
    Statement,
)
from forum.moderation.models.guarding import GuardSettings, ListedWord
from forum.moderation.models.moderators import (
    AccessNote,
    Moderator,
    ModeratorQuerySet,
    SavedReply,
)
from forum.moderation.models.reports import Report, ReportQuerySet
from forum.moderation.models.rulebook import (
    Rulebook,
    RulebookDraft,
    RulebookQuerySet,
    RuleSection,
)

__all__ = [
    "DESK_PK",
    "AccessNote",
    "Appeal",
    "Case",
    "CaseQuerySet",
    "Decision",
    "DecisionQuerySet",
    "Desk",
    "Grounds",
    "GuardSettings",
    "ListedWord",
    "Moderator",
    "ModeratorQuerySet",
    "Proposal",
    "Report",
    "ReportQuerySet",
    "RuleSection",
    "Rulebook",
    "RulebookDraft",
    "RulebookQuerySet",
    "SavedReply",
    "StaffNote",
    "Statement",
]
