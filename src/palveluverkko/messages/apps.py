"""Messages to people: an outbox with retries, and promises with a due time."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "palveluverkko.messages"
    label = "outbox"  # Django's own "messages" has the short name
    verbose_name = _("Messages to customers")

    def ready(self) -> None:
        # Each registers itself when it is imported.
        from palveluverkko.messages import checks, retention  # noqa: F401
