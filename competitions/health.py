"""Whether submissions are being judged, for /readyz and `manage.py doctor`."""

from competitions import queries


def scoring() -> tuple[str, bool, str]:
    """(name, ok, message): ok when a scoring process with a working jail was seen in the last seconds."""
    state = queries.scoring()
    if not state.alive:
        return (
            "scoring",
            False,
            "no scoring process is running: start `manage.py serve` or `manage.py worker`",
        )
    if not state.ready:
        return "scoring", False, state.message.en
    return "scoring", True, f"{state.ready} of {state.alive} scoring processes are ready"
