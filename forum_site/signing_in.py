"""How people sign in: the settings of Django, allauth and MFA that are the same in every forum.

Nothing here is read from the environment. Imported by forum_site.settings.
"""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.MemberBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmResetCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]  # no password: a code logs in, a password may come later
ACCOUNT_CHANGE_EMAIL = True  # one address a member; the old one leaves when the new one is proven
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60  # seconds, like the two below
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # by what, and who: accounts/reauthentication.py
ACCOUNT_REAUTHENTICATION_TIMEOUT = 30 * 60  # seconds: an evening's verifications ask once or twice
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or address is told to its owner
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Where staff uses its rights: names of addresses, or what they begin with.
STAFF_DOORS = (
    "admin:",
    "accounts:desk",
    "moderation:desk",
    "moderation:case",
    "discussions:manage",
    "discussions:pin",
    "discussions:close",
    "discussions:retitle",
    "discussions:move",
    "discussions:merge",
    "discussions:split",
    "discussions:pace",
    "moderation:guards",
    "notifications:desk",
    "duty:desk",
)
MFA_ADAPTER = "accounts.mfa_adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds: clocks of telephones differ
MFA_FORMS = {
    "authenticate": "accounts.mfa_forms.CodeForm",
    "reauthenticate": "accounts.mfa_forms.CodeAgainForm",
    "activate_totp": "accounts.mfa_forms.ActivateForm",
    "add_webauthn": "accounts.mfa_forms.AddKeyForm",
    "authenticate_webauthn": "accounts.mfa_forms.KeyForm",
    "reauthenticate_webauthn": "accounts.mfa_forms.KeyAgainForm",
    "login_webauthn": "accounts.mfa_forms.KeyAloneForm",
    "edit_webauthn": "accounts.mfa_forms.RenameKeyForm",
}
USERSESSIONS_ADAPTER = "forum.live.sessions.SessionsAdapter"  # ending one closes its sockets
# Eight digits, three tries a code, and at most 20 codes an hour to one address: the chance to
# guess one within a day stays under 1 to 60,000 (docs/decisions/0011-accounts.md).
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
# amount / time / per what; "key" is the e-mail address.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key,20/h/key",
    "confirm_email": "1/10s/key,20/h/key",
    "reset_password": "20/m/ip,5/m/key,20/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
