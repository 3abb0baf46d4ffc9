"""What the telephone network's last word on a call means for how the call went.

Status codes of SIP: RFC 3261, section 21. The adviser confirms; other codes propose nothing, for
they tell of the network and not of the customer.
"""

from __future__ import annotations

from palveluverkko.contact.models import CallbackAttempt

Outcome = CallbackAttempt.Outcome

PROPOSED: dict[int, str] = {
    200: Outcome.SERVED,  # answered, and ended by either
    486: Outcome.BUSY,
    600: Outcome.BUSY,
    603: Outcome.BUSY,  # the customer pressed the call away
    408: Outcome.NO_ANSWER,
    480: Outcome.NO_ANSWER,
    487: Outcome.NO_ANSWER,  # we stopped ringing
    404: Outcome.WRONG_NUMBER,
    410: Outcome.WRONG_NUMBER,
    484: Outcome.WRONG_NUMBER,
    604: Outcome.WRONG_NUMBER,
}
