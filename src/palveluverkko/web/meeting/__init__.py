"""Meetings by video: the room, which all roles share, and the way into it."""
