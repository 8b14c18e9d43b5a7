"""What moderation keeps about a member; plugged into the registry by apps.py."""

from accounts.personal_data import Holding

ALL: tuple[Holding, ...] = ()
