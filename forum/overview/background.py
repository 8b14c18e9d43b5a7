"""Background work for the verification of organizations: accounts does it, jobs carry it."""

from datetime import timedelta

from accounts import actions
from forum.jobs.tasks import periodic, task

# With the delays of leases.py about an hour: the adviser can have it asked again.
REGISTER_ATTEMPTS = 6
DAY = timedelta(days=1)


class RegisterIsAway(Exception):
    """The register gave no answer: to be tried later."""


@task("verification.ask_register", attempts=REGISTER_ATTEMPTS)
def ask_register(case_pk: int) -> None:
    """Ask the public register about the case. Raises: RegisterIsAway where it did not answer."""
    if not actions.refresh_facts(case_pk=case_pk):
        raise RegisterIsAway(f"no answer about case {case_pk}")


@periodic("verification.clear_documents", every=DAY)
def clear_documents() -> None:
    """Delete private documents whose case was decided long enough ago."""
    actions.clear_documents()
