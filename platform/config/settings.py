"""Settings, all from the environment (or a .env file); runs from a bare checkout; production fails loudly.

ENVIRONMENT is "development" (default: SQLite, local files, a key made on the spot) or "production" (SECRET_KEY and
ALLOWED_HOSTS must be given, https is assumed). DEBUG is off unless asked for in either.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment, logs, schedule, security

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
environ.Env.read_env(str(BASE_DIR / ".env"))

ENVIRONMENT = env.str("ENVIRONMENT", default="development")
if ENVIRONMENT not in ("development", "production"):
    raise ImproperlyConfigured(f"ENVIRONMENT is {ENVIRONMENT!r}: it must be development or production.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False)

# Everything that is written while running lies here: database, media, broker, logs, keys.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)
FIXTURES_DIR = BASE_DIR / "fixtures"

SECRET_KEY = environment.secret_key(env, VAR_DIR, PRODUCTION)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. Production needs the site's host names, comma separated."
    )
if not PRODUCTION and not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    if env.str("HOST", default="127.0.0.1") not in ALLOWED_HOSTS:
        ALLOWED_HOSTS = ["*"]  # `HOST=0.0.0.0 make run`: reached by whatever name this machine has

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Ours first: their templates win over those of the same name.
    "config",
    "accounts",
    "courses",
    "web",
    "quizzes",
    "competitions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
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
    "accounts.middleware.PreferredLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "web.context_processors.site",
            ],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": environment.database(env, VAR_DIR)}
if env.str("CACHE_URL", default=""):
    CACHES = {"default": env.cache_url("CACHE_URL")}
else:
    # Rate limits are counted in the cache, so all processes must share it: not LocMem.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
    DATABASES["cache"] = environment.cache_database(VAR_DIR)
    DATABASE_ROUTERS = ["config.environment.CacheRouter"]

MEDIA_ROOT = VAR_DIR / "media"  # private: no URL serves it
FILE_UPLOAD_PERMISSIONS = 0o600
# The largest upload (CSV, 20 MB) as plain form text, and some room.
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024

# --- Languages and time ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS: list[str] = []
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# --- Static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
# Development serves straight from the apps' folders, without collectstatic (33 s with compression on two cores).
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
STATIC_BACKEND = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if PRODUCTION
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_BACKEND},
}

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm", "change_password": "accounts.forms.ChangePasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# A class of forty signs in from one address in one minute; and one account's lock holds from every address, so that a
# low number would let students lock each other out before an exam.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "120/m/ip,20/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- API ------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "web.api.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"TOKEN_LIMIT_PER_USER": None, "AUTO_REFRESH": False}
API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", default=120)
SPECTACULAR_SETTINGS = {
    "TITLE": "AI Essential",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Scoring: Celery and leases -------------------------------------------------------------------------------------

CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = environment.celery_broker(env, VAR_DIR)
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The control queues' files would pile up in the broker's folder; a worker's health is a row in the database.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = not CELERY_BROKER_URL.startswith("filesystem:")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = schedule.BEAT
# Who judges answers in words: an OpenAI-compatible endpoint ("https://host/v1"), or without an address the built-in judge.
JUDGE_ADDRESS = environment.judge_address(env)
JUDGE_MODEL = env.str("JUDGE_MODEL", default="")
JUDGE_EMBEDDING_MODEL = env.str("JUDGE_EMBEDDING_MODEL", default="")
JUDGE_KEY = env.str("JUDGE_KEY", default="")
JUDGE_CALLS_PER_DAY = env.int("JUDGE_CALLS_PER_DAY", default=20_000)
# How long a notebook of the JAEN client waits for its score inside one request.
JAEN_WAIT_SECONDS = env.float("JAEN_WAIT_SECONDS", default=15.0)
SCORING_WORKERS = env.int("SCORING_WORKERS", default=2)
SUBMISSION_LEASE_SECONDS = env.int("SUBMISSION_LEASE_SECONDS", default=60)
WORKER_HEARTBEAT_SECONDS = env.int("WORKER_HEARTBEAT_SECONDS", default=5)

# --- What the apps contribute ---------------------------------------------------------------------------------------
# Dotted names, so that web and courses need to import neither quizzes nor competitions.

NAVIGATION = [
    ("quizzes:today", _("Today's quiz"), "student"),
    ("quizzes:review", _("Review"), "student"),
    ("quizzes:exams", _("Mock exams"), "student"),
    ("competitions:exercises", _("Exercises"), "student"),
    ("competitions:competitions", _("Competitions"), "student"),
    ("courses:instructor", _("Teaching"), "instructor"),
]
# Address -> `count(request) -> int`, shown beside that link where it is not 0.
NAVIGATION_COUNTS = {"quizzes:review": "quizzes.review.panels.due_today"}
ACCOUNT_MENU = [
    ("competitions:submissions", _("My submissions"), "student"),
    ("courses:materials", _("Course files"), "student"),
]
DASHBOARD_PANELS = ["quizzes.panels.today", "quizzes.review.panels.today", "competitions.panels.today"]
INSTRUCTOR_PANELS = ["quizzes.panels.instructor", "competitions.panels.instructor"]
CONTENT_LOADERS = [
    "courses.content.load_courses",
    "quizzes.content.load_questions",
    "competitions.content.load_challenges",
    "quizzes.exams.content.load_blueprints",
]
DEMO_LOADERS = ["quizzes.content.demo", "competitions.content.demo", "quizzes.exams.content.demo"]
PRACTICAL = "competitions.practical"  # the judge's exercises in the practical part of exams
JUDGED_LISTENERS = ["quizzes.review.listeners.exercise_judged"]  # see courses/judged.py
READINESS_CHECKS = ["config.health.database", "competitions.health.scoring"]

# --- Security -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {"DIRECTIVES": security.POLICY}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "web.views.csrf_failure"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes speak plain HTTP to the process itself
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

LOGGING = logs.config(env)
