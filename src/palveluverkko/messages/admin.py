"""The outbox in the admin, to look at: texts, addresses and enclosures are not shown."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from palveluverkko.messages.models import Message, Promise


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows change through the verbs of ``services`` and ``promises`` only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ("event", "channel", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state", "channel")
    search_fields = ("event", "about")
    fields = (
        "event", "about", "channel", "language", "state", "why", "attempts", "resends",
        "next_attempt_at", "created_at", "sent_at", "forgotten_at",
    )  # fmt: skip


@admin.register(Promise)
class PromiseAdmin(ReadOnly):
    list_display = ("key", "kind", "due_at", "state", "attempts", "done_at")
    list_filter = ("state", "kind")
    search_fields = ("key",)
