"""The verbs of walk-ins, each one transaction; see the modules for what they raise."""

from palveluverkko.walkins.calling import call_next, call_ticket, recall
from palveluverkko.walkins.desks import close_desk, end_break, open_desk, take_break
from palveluverkko.walkins.ending import finish, leave, no_show, reopen, start
from palveluverkko.walkins.moving import come_back_at, transfer, wait_here
from palveluverkko.walkins.nights import close_past_days, report_finished_days
from palveluverkko.walkins.taking import take_ticket
from palveluverkko.walkins.tallies import tally, untally

__all__ = [
    "call_next",
    "call_ticket",
    "close_desk",
    "close_past_days",
    "come_back_at",
    "end_break",
    "finish",
    "leave",
    "no_show",
    "open_desk",
    "recall",
    "reopen",
    "report_finished_days",
    "start",
    "take_break",
    "take_ticket",
    "tally",
    "transfer",
    "untally",
    "wait_here",
]
