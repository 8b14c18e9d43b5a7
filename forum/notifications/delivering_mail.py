"""Sending one bundle of notifications as one mail."""

import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from forum.jobs.mail import MAIL_ATTEMPTS
from forum.jobs.tasks import GiveUp, task
from forum.lib.metrics import counting_mail
from forum.notifications import bounces, mail_writing
from forum.notifications.ladder import State, wishes_of
from forum.notifications.lines import lines_of
from forum.notifications.models import Bundle, Channels, Delivery
from forum.notifications.settling import settle

LEASE = timedelta(minutes=2)


@task("notifications.mail", attempts=MAIL_ATTEMPTS, lease=LEASE)
def send_mail(pk: int) -> None:
    """Send the bundle as a mail, with the same Message-ID at every attempt.

    Whether each thing in it is still unread, may be seen and is wanted, is asked now. Raises:
    GiveUp where the mail server refuses for good; its errors where it may take the mail later.
    """
    bundle = _next_attempt(pk)
    if bundle is None:
        return  # sent, by a worker that died before it could say so
    deliveries = list(bundle.deliveries.held().select_related("notification"))
    if not _is_mailed(bundle):
        end(bundle, deliveries, Bundle.State.FAILED, "No mail is wanted, or it would come back.")
        return
    with translation.override(bundle.user.language):
        message = _message(bundle, deliveries)
    if message is None:
        end(bundle, deliveries, Bundle.State.DROPPED, "Nothing left to tell.")
        return
    send_bundle(bundle, deliveries, message)


def hand_over(message: EmailMultiAlternatives) -> None:
    """Give the mail to the mail server now. Raises: what smtplib and sockets raise."""
    message.connection = get_connection(settings.MAIL_DELIVERY_BACKEND)
    with counting_mail():
        message.send()


def _next_attempt(pk: int) -> Bundle | None:
    attempted = Bundle.objects.open().filter(pk=pk).update(attempts=F("attempts") + 1)
    return Bundle.objects.select_related("user").get(pk=pk) if attempted else None


def _is_mailed(bundle: Bundle) -> bool:
    channels = _channels(bundle)
    is_wanted = bundle.user.is_active and channels.by_mail
    return is_wanted and not channels.is_dead(bundle.user.email)


def _message(bundle: Bundle, deliveries: list[Delivery]) -> EmailMultiAlternatives | None:
    unmailed = _channels(bundle).unmailed_kinds
    lines = [line for line in lines_of(bundle.user, deliveries) if line.kind.name not in unmailed]
    return mail_writing.news(bundle, lines) if lines else None


def _channels(bundle: Bundle) -> Channels:
    return wishes_of([bundle.user_id])[bundle.user_id].channels


def send_bundle(
    bundle: Bundle, deliveries: list[Delivery], message: EmailMultiAlternatives
) -> None:
    """Hand the mail over, and note what came of it.

    Raises: GiveUp where the mail server refuses for good; its errors where it may take it later.
    """
    Bundle.objects.filter(pk=bundle.pk).update(email=bundle.user.email)
    try:
        hand_over(message)
    except smtplib.SMTPRecipientsRefused as refused:
        bounces.note_refused(refused)
        _give_up_or_wait(bundle, deliveries, refused, _code(refused))
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        _give_up_or_wait(bundle, deliveries, refused, refused.smtp_code)
    except OSError as error:  # smtplib's other errors are OSErrors too
        _give_up_or_wait(bundle, deliveries, error, 0)
    else:
        end(bundle, deliveries, Bundle.State.SENT)


def _code(refused: smtplib.SMTPRecipientsRefused) -> int:
    return min((code for code, _reply in refused.recipients.values()), default=0)


def _give_up_or_wait(bundle: Bundle, deliveries: list[Delivery], error: OSError, code: int) -> None:
    """Refused for good, or for the last time: the next rung. Else the job is run again."""
    if code < 500 and bundle.attempts < MAIL_ATTEMPTS:
        raise error
    end(bundle, deliveries, Bundle.State.FAILED, str(error))
    raise GiveUp(f"The mail server does not take the mail: {error}") from error


def end(bundle: Bundle, deliveries: list[Delivery], state: Bundle.State, why: str = "") -> None:
    """Note how the mail ended, for it and for what was in it, at once."""
    sent_at = timezone.now() if state == Bundle.State.SENT else None
    with transaction.atomic():
        ended = Bundle.objects.open().filter(pk=bundle.pk)
        ended.update(state=state, sent_at=sent_at, last_error=why)
        settle(deliveries, State(state.value), why)
