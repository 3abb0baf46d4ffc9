"""What is said to customers, in plain language: one piece of news, written for every channel."""

from palveluverkko.booking.texts.meeting import Meeting, in_language_of, meeting_of, zone_of
from palveluverkko.booking.texts.news import News
from palveluverkko.booking.texts.sms import Sms

__all__ = ["Meeting", "News", "Sms", "in_language_of", "meeting_of", "zone_of"]
