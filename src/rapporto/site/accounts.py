"""The rules of this installation for allauth: people are invited, who tries too often is known by their network, and who lacks
something is held at the door until it is there."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.people.second_step import roles_with_second_step
from rapporto.kernel.actor import NOBODY
from rapporto.store import access
from rapporto.web.held import HELD, has_second_step, hold

SUBNET = 64
"""Bits of an IPv6 address that one customer of a provider has for themselves: the others they change at will."""


class InvitedOnly(DefaultAccountAdapter):
    """Who gets in, and with which password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited by an administrator, nobody signs up alone."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign somebody in, write it down, and hold them where something is missing."""
        super().login(request, user)
        assert isinstance(user, User)
        access.note(actor_of(user), access.SIGN_IN, "user", user.pk, address=self._address(request))
        hold(request, user)

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

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """A new password; the one that was handed over is none."""
        if isinstance(user, User) and user.handed_over and user.check_password(password):
            raise ValidationError(_("This is the password you were given; choose another one."))
        return str(super().clean_password(password, user))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Keep the password that somebody chose for themselves."""
        assert isinstance(user, User)
        user.handed_over = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On into the product for who was held at the door."""
        return "/" if request.session.get(HELD) else str(super().get_password_change_redirect_url(request))

    def get_client_ip(self, request: HttpRequest) -> str:
        """From where a request comes, as attempts are counted: all addresses of one IPv6 network of 64 bits are one."""
        return whence(super().get_client_ip(request))


class SecondStep(DefaultMFAAdapter):
    """The second step of signing in."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        user: User = authenticator.user
        return user.role not in roles_with_second_step() or has_second_step(user.pk, without=authenticator.pk)


def whence(address: str) -> str:
    """The network of an address: itself for IPv4, the first 64 bits of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or ip_network((int(known), SUBNET), strict=False))
