"""What the form's script needs: how long the time is kept, and what to say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def island(seconds: int) -> dict[str, Any]:
    """``seconds`` for which the time is still kept. Places in texts are filled in by the script."""
    texts = {
        "left": _("Still kept for you: {minutes} min {seconds} s"),
        "soon": _("The time is kept for you for two more minutes."),
        "over": _(
            "The time is not kept for you any more. What you typed is kept. Press “Book”: "
            "if nobody has taken the time, you get it."
        ),
        "kept": _("The time is now kept longer for you."),
        "offline": _(
            "You are offline. What you typed is kept on this page. "
            "Send it when the connection is back."
        ),
        "online": _("The connection is back. You can send the form."),
        "failed": _(
            "The form did not get through. What you typed is kept on this page. "
            "Check your connection and press the button again."
        ),
        "restored": _("What you typed before was put back into the form."),
    }
    return {"seconds": seconds, "texts": texts}
