"""Closes the door that allauth leaves open: people are invited by an administrator, nobody signs up alone."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import NOBODY
from rapporto.store import access


class InvitedOnly(DefaultAccountAdapter):
    """The account rules of this installation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Let somebody in, by whatever way they came, and write it down."""
        super().login(request, user)
        if isinstance(user, User):
            access.note(actor_of(user), access.SIGN_IN, "user", user.pk, address=self._address(request))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down that somebody who works here was refused; what strangers type is kept nowhere."""
        super().authentication_failed(request, **credentials)
        user = User.objects.filter(email=str(credentials.get("email") or "").strip().lower()).first()
        if user is not None:
            access.note(NOBODY, access.SIGN_IN_REFUSED, "user", user.pk, address=self._address(request))

    def _address(self, request: HttpRequest) -> str:
        try:
            return str(self.get_client_ip(request))
        except PermissionDenied:
            return ""
