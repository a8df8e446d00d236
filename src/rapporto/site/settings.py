"""Django's settings, derived from a few environment variables; docs/settings.md lists them."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapporto.site.databases import databases
from rapporto.site.environment import this_process
from rapporto.site.mail import mail_settings
from rapporto.site.places import Place
from rapporto.site.secret import read_secret

environment = this_process()

# ── where things are ────────────────────────────────────────────────────────────────────────────
PACKAGE = Path(__file__).resolve().parent.parent
DATA = environment.path("DATA", "data")
place = Place.of(environment.text("URL") or "http://127.0.0.1:8000")

DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.text("SECRET_KEY") or read_secret(DATA)
ALLOWED_HOSTS = [*place.hosts, *environment.words("HOSTS")]
ORIGIN = place.origin
"""Where this installation is reached: what links in messages begin with."""
CSRF_TRUSTED_ORIGINS = [ORIGIN, *environment.words("ORIGINS")]

# ── what it is made of ──────────────────────────────────────────────────────────────────────────
# packages of this installation alone: each is a Django app with a module `records`
MORE_PARTS = environment.words("PARTS")
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rapporto.store",
    "rapporto.domain.people",
    "rapporto.domain.parties",
    "rapporto.domain.processes",
    "rapporto.api",
    "rapporto.domain.consent",
    # before allauth, so that our templates win over its own
    "rapporto.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    *MORE_PARTS,
    # last: loads the parts when all the others are ready
    "rapporto.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "rapporto.web.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rapporto.web.middleware.Compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rapporto.web.middleware.SignedIn",
    "rapporto.web.held.AtTheDoor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rapporto.web.middleware.Asking",
]
ROOT_URLCONF = "rapporto.site.urls"
WSGI_APPLICATION = "rapporto.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rapporto.web.context.shell",
                "rapporto.site.demo.sign_in.demo_sign_in",
            ],
        },
    },
]

# ── data ────────────────────────────────────────────────────────────────────────────────────────
DATABASES = databases(environment.variables.get("DATABASE_URL", ""), DATA)
# In the database, not in the memory of a process: the limits on sign-in attempts must hold for all processes together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}}
MEDIA_ROOT = DATA / "files"
# The list of erased persons is no part of a backup of the database: restoring an old one brings nobody back.
ERASURES_ROOT = DATA

# ── languages and time ──────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "it"
LANGUAGES = [("it", _("Italian")), ("en", _("English"))]
# the kernel is no Django app, but it speaks to people
LOCALE_PATHS = [PACKAGE / "kernel" / "locale"]
LANGUAGE_COOKIE_NAME = "rapporto_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
TIME_ZONE = environment.text("TIME_ZONE") or "Europe/Rome"
USE_TZ = True

# ── files of the pages ──────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Collected files bear their hash and are kept by browsers for ever; without them (tests, development) they are found.
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
WHITENOISE_USE_FINDERS = not COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED or environment.flag("COLLECTING")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# ── sessions: read by one indexed query, written only when they change; ended everywhere by deleting the row ────────
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = place.cookie("rapporto_session")
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = place.https
CSRF_COOKIE_NAME = place.cookie("rapporto_csrf")
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = place.https
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ── headers ─────────────────────────────────────────────────────────────────────────────────────
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
# What one host says of itself shall not bind the company's other hosts.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# The product itself speaks http to a proxy in front of it, which is believed only when the installation says so.
PROXIES = environment.number("PROXIES", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_SSL_REDIRECT = bool(PROXIES) and place.https
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# requests of one program in a minute
API_PER_MINUTE = environment.number("API_PER_MINUTE", 600)
# what of the own network may be asked for something all the same: webhooks of a program in the same house
OUTBOUND_ALLOW = environment.networks("OUTBOUND_ALLOW")

# ── people and sign-in ──────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "rapporto.domain.people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 2 * 3600
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ACCOUNT_ADAPTER = "rapporto.site.accounts.InvitedOnly"
MFA_ADAPTER = "rapporto.site.accounts.SecondStep"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
# A new password ends every other session at once (their hash no longer fits); the one at hand goes on.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Rapporto"
# Whether only this machine reaches the product.
LOCAL = place.local
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL

# ── mail and the log ────────────────────────────────────────────────────────────────────────────
vars().update(mail_settings(environment.text("MAIL_URL"), environment.text("MAIL_FROM"), place.host))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL") or "WARNING"},
}
