"""Django's wiring, read from the environment; `docs/operations.md` explains every variable."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent
HENG_VAR = Path(os.environ.get("HENG_VAR", ROOT / "var")).resolve()

# What `make run` decided for this folder (demonstration mode, its key); the environment wins.
if (HENG_VAR / "settings.env").exists():
    for line in (HENG_VAR / "settings.env").read_text(encoding="utf-8").splitlines():
        os.environ.setdefault(*line.split("=", 1))


def flag(name: str, default: bool) -> bool:
    """Read a yes/no environment variable."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated environment variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


# --- mode ---------------------------------------------------------------------------------------
# HENG_DEMO is what `make run` switches on: known passwords, a development CA, papers marked 演示.
HENG_DEMO = flag("HENG_DEMO", default=False)
DEBUG = flag("DEBUG", default=False)
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
HENG_SITE = os.environ.get("HENG_SITE", f"http://localhost:{os.environ.get('PORT', '8000')}")
HTTPS = HENG_SITE.startswith("https://")
if HENG_DEMO and not SECRET_KEY:  # remembered, so that every later command is in the same mode
    SECRET_KEY = secrets.token_urlsafe(48)
    HENG_VAR.mkdir(parents=True, exist_ok=True)
    kept = os.open(HENG_VAR / "settings.env", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(kept, "w", encoding="utf-8") as file:
        file.write(f"HENG_DEMO=1\nSECRET_KEY={SECRET_KEY}\n")


# --- applications -------------------------------------------------------------------------------
HENG_PROGRAMMES = [
    "workflows.programmes.enterprise_certification",
    "workflows.programmes.base_designation",
    "workflows.programmes.benchmark_school",
    "workflows.programmes.project_funding",
    *words("HENG_PROGRAMMES"),  # further ones, by the names of their packages
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "viewflow.workflow",
    "forms",
    "workflows",
    *HENG_PROGRAMMES,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workflows.views.refusals.RefusalMiddleware",
    "workflows.views.privacy.PrivacyMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "workflows" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflows.views.context.shell",
            ],
        },
    }
]


# --- database -----------------------------------------------------------------------------------
def database(url: str) -> dict[str, object]:
    """Turn ``sqlite:///path`` or ``postgres://user:password@host:port/name`` into Django's form."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = Path(parts.path[1:]) if parts.path.startswith("//") else HENG_VAR / parts.path[1:]
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
            "TEST": {"NAME": HENG_VAR / "test.sqlite3"},
        }
    options = dict(parse_qsl(parts.query))
    # compiling a statement takes PostgreSQL longer than any of ours runs
    options.setdefault("options", "-c lock_timeout=5000 -c jit=off")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "sqlite:///heng.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- accounts -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "workflows.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "desk"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "workflows.views.accounts.ClosedSignup"
ACCOUNT_FORMS = {"login": "workflows.views.sign_in.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "20/m/ip,10/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours (MLPS 2.0 level 3, 身份鉴别 b)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_CALLABLE = "workflows.views.accounts.locked_out"
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "workflows.views.accounts.tried"
AXES_VERBOSE = False
# How many proxies of ours stand in front: their word on the client's address is taken, no other.
AXES_IPWARE_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PROXIES", "0"))
HENG_SMS = {
    "url": os.environ.get("HENG_SMS_URL", ""),
    "token_file": os.environ.get("HENG_SMS_TOKEN_FILE", ""),
}
HENG_CHANNELS = {
    "mail": "workflows.notifications.mail.Mail",
    **({"sms": "workflows.notifications.sms.Sms"} if HENG_SMS["url"] else {}),
}

# --- sessions, cookies, headers -----------------------------------------------------------------
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_FAILURE_VIEW = "workflows.views.refusals.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "workflows.views.spooling.CappedUploadHandler",
]

# --- language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

# --- counters that every process shares ----------------------------------------------------------
# How often a visitor asked, who tried to sign in: on one machine a folder, on several a Redis.
CACHE_URL = os.environ.get("CACHE_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HENG_VAR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 3000},  # the folder is listed whenever a new one is written
    }
}

# --- static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HENG_VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or HENG_DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or HENG_DEMO

# --- papers: file store, signing ----------------------------------------------------------------
HENG_STORE = {
    "BACKEND": os.environ.get("HENG_STORE", "workflows.store.FileStore"),
    "OPTIONS": {"directory": HENG_VAR / "objects"},
}
HENG_UPLOADS = HENG_VAR / "uploads"  # files on their way in
HENG_QUOTA = int(os.environ.get("HENG_QUOTA_MB", "2048")) * 1024 * 1024  # of an organisation
HENG_CLAMD = os.environ.get("HENG_CLAMD", "")  # host:port or a socket's path; empty: no scanner
HENG_SIGNER = {
    "BACKEND": os.environ.get("HENG_SIGNER", "workflows.documents.signing.DevelopmentSigner"),
    "OPTIONS": {
        "directory": HENG_VAR / "ca",
        **(
            {
                "certificate": os.environ["HENG_SIGNER_P12"],
                "passphrase_file": os.environ.get("HENG_SIGNER_PASSPHRASE_FILE", ""),
            }
            if "HENG_SIGNER_P12" in os.environ
            else {}
        ),
    },
}

# --- background work ----------------------------------------------------------------------------
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
HENG_LEASE_SECONDS = int(os.environ.get("HENG_LEASE_SECONDS", "120"))  # longer than any job
HENG_UNDO_SECONDS = int(os.environ.get("HENG_UNDO_SECONDS", "10"))  # 0: a press counts at once
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 0,  # a dead broker must not hold up a request; the ledger rings again
}

# --- mail and logs ------------------------------------------------------------------------------
# A demonstration sends nothing: its letters lie in var/mail.
EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND",
    f"django.core.mail.backends.{'filebased' if HENG_DEMO else 'smtp'}.EmailBackend",
)
EMAIL_FILE_PATH = HENG_VAR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "465"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = flag("EMAIL_USE_SSL", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "heng@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    # an untrusted upload is a verdict, not an accident
    "loggers": {name: {"level": "ERROR"} for name in ("pyhanko", "pyhanko_certvalidator")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
