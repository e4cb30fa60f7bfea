"""Mail by SMTP.

SMTP knows no idempotency key. A message that is sent again after a crash carries the same Message-ID,
by which servers and mail programs recognise the second copy.
"""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from qitong.notifications.channels.outgoing import NeverError, NotNowError, Outgoing
from qitong.notifications.logic.providers import MailServer

PERMANENT = 500  # SMTP answers from here on will be the same tomorrow


class Mail:
    def send(self, message: Outgoing) -> None:
        server: MailServer | None = settings.MAIL_SERVER
        if server is None:
            raise NotNowError("mail is not configured")
        if not message.email:
            raise NeverError("the reader has no mail address")
        try:
            accepted = _letter(message, server).send()
        except BadHeaderError as error:
            raise NeverError(str(error)) from error
        except SMTPRecipientsRefused as error:
            answers = [code for code, _ in error.recipients.values()]
            if min(answers, default=0) >= PERMANENT:
                raise NeverError(f"refused: {error.recipients}") from error
            raise NotNowError(f"refused for now: {error.recipients}") from error
        except (SMTPException, OSError) as error:
            raise NotNowError(f"{type(error).__name__}: {error}") from error
        if accepted != 1:
            raise NotNowError("the server took nothing")


def _letter(message: Outgoing, server: MailServer) -> EmailMessage:
    domain = server.sender.rpartition("@")[2]
    return EmailMessage(
        subject=message.subject,
        body=message.letter,
        from_email=server.sender,
        to=[message.email],
        connection=_connection(server),
        headers={
            "Message-ID": f"<{message.key}@{domain}>",
            "Auto-Submitted": "auto-generated",
            **_stopping(message.stop),
        },
    )


def _stopping(address: str) -> dict[str, str]:
    """What mail programs make a button of (RFC 8058): they send it, they do not just look."""
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _connection(server: MailServer) -> EmailBackend:
    return EmailBackend(
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.tls,
        use_ssl=server.ssl,
        timeout=server.timeout,
        fail_silently=False,
    )
