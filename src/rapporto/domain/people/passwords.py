"""What a password must be, told in both languages: Django's own Italian lacks the sentence about its length."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """A password has a least number of characters."""

    def get_error_message(self) -> str:
        """What to do about a short one."""
        return _("This password is too short: at least {number} characters.").format(number=self.min_length)

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("At least {number} characters.").format(number=self.min_length)
