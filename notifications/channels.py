"""The channels of one run: each opened when first needed, closed at the end."""

from smtplib import SMTPRecipientsRefused

from django.core.mail import get_connection

from .gateway import Refused
from .groups import send_to_group
from .mail import message_for
from .models import Delivery
from .sms import load_sender, sms_for


def is_refusal(error):
    """Whether this message alone was not taken, while the channel works: a bad address, a refused number."""
    return isinstance(error, Refused | SMTPRecipientsRefused | ValueError)


class Senders:
    """Sends deliveries of every channel; a context manager, so that no connection stays open."""

    def __init__(self):
        self._mail = self._sms = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self._mail is not None:
            self._mail.close()

    def send(self, delivery):
        """Hand one delivery to its channel. Raises Refused, or whatever else went wrong."""
        if delivery.channel == Delivery.Channel.EMAIL:
            self._send_mail(delivery)
        elif delivery.channel == Delivery.Channel.SMS:
            if self._sms is None:
                self._sms = load_sender()
            self._sms.send(delivery.address, sms_for(delivery))
        else:
            send_to_group(delivery)

    def _send_mail(self, delivery):
        if self._mail is None:
            self._mail = get_connection()
        message = message_for(delivery, self._mail)
        try:
            self._mail.send_messages([message])
        except Exception:
            # A connection that failed once is not trusted with the next message.
            self._mail.close()
            raise
