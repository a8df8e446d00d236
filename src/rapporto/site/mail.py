"""Turns the address of a mail server into Django's mail settings; without one, mails are printed in the log."""

from typing import Any

from rapporto.site.environment import EnvironmentMistake, server

WAIT_SECONDS = 20


def mail_settings(address: str, sender: str, host: str) -> dict[str, Any]:
    """The settings for `smtp://user:password@host:port?tls=starttls|implicit|none`, or for an empty address.

    Raises EnvironmentMistake for another scheme or an unknown word after `tls=`.
    """
    common = {"DEFAULT_FROM_EMAIL": sender or f"rapporto@{host}", "SERVER_EMAIL": sender or f"rapporto@{host}"}
    if not address:
        return common | {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    place = server(address)
    tls = place.options.get("tls", "starttls")
    if place.scheme != "smtp" or tls not in {"starttls", "implicit", "none"}:
        raise EnvironmentMistake("RAPPORTO_MAIL_URL must look like smtp://host:587?tls=starttls|implicit|none.")
    return common | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": place.host,
        "EMAIL_PORT": place.port or {"starttls": 587, "implicit": 465, "none": 25}[tls],
        "EMAIL_HOST_USER": place.user,
        "EMAIL_HOST_PASSWORD": place.password,
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "implicit",
        "EMAIL_TIMEOUT": WAIT_SECONDS,
    }
