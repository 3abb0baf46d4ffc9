"""When a service can be given: free times from hours, rosters, desks and bookings; pure values."""

from palveluverkko.availability.masks import Mask, Window, cells_for, windows_over
from palveluverkko.availability.model import ANY, Outlet, Seat, Takes, Worker
from palveluverkko.availability.packing import pack, unpack
from palveluverkko.availability.starts import (
    room_starts,
    rooms_at,
    seats,
    starts,
    starts_by_language,
)

__all__ = [
    "ANY",
    "Mask",
    "Outlet",
    "Seat",
    "Takes",
    "Window",
    "Worker",
    "cells_for",
    "pack",
    "room_starts",
    "rooms_at",
    "seats",
    "starts",
    "starts_by_language",
    "unpack",
    "windows_over",
]
