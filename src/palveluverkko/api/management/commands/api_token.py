"""Make a token for a program that sends counts, or take all of an account's tokens away."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from palveluverkko.api.auth import MAY_RECORD
from palveluverkko.api.tokens import issue, revoke


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the program's account")
        parser.add_argument("--create", action="store_true", help="make the account first")
        parser.add_argument("--revoke", action="store_true", help="void all of its tokens")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        user = users.filter(username=options["username"]).first()
        if user is None and options["create"]:
            user = users.create_user(options["username"])  # no password: it cannot sign in
            codes = [name.split(".")[1] for name in MAY_RECORD]
            user.user_permissions.set(
                Permission.objects.filter(content_type__app_label="demand", codename__in=codes)
            )
        if user is None:
            name = {"name": options["username"]}
            raise CommandError(_("There is no account %(name)s; --create makes it.") % name)
        if options["revoke"]:
            revoke(user)
            self.stderr.write(_("All tokens of %(name)s are void.") % {"name": user.username})
            return
        self.stdout.write(issue(user))
