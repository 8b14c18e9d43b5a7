"""Who is logged in: allauth's backend, with the member of every request read at less cost."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS

from accounts.models import User
from forum.lib.prepared import Prepared


class MemberBackend(AuthenticationBackend):
    """allauth's backend but for how it reads the member of a session.

    Source: docs/decisions/0021-shared-pages.md.
    """

    def get_user(self, user_id: int) -> User | None:
        """The member, unless they may not log in. Queries: one."""
        found = _MEMBER.first(pk=user_id)
        if found is None:
            return None
        member = User.from_db(DEFAULT_DB_ALIAS, _FIELDS, found)
        return member if self.user_can_authenticate(member) else None


_FIELDS = [each.attname for each in User._meta.concrete_fields]
_MEMBER = Prepared(lambda pk: User.objects.filter(pk=pk).values_list(*_FIELDS))
