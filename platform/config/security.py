"""What a page of ours may load: its own files and nothing else. Headers and production's https stand in config.settings."""

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE

POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    # The nonce is only sent on pages with the code editor, which makes its style sheet at run time.
    "style-src": [SELF, NONCE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# Swagger UI brings a style sheet in its page. Scripts stay strict there too.
API_DOCS = {"style-src": [SELF, UNSAFE_INLINE]}
