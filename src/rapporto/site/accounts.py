"""Closes the door that allauth leaves open: people are invited by an administrator, nobody signs up alone."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):
    """The account rules of this installation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
