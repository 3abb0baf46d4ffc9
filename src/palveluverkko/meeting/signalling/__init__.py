"""Signalling of meetings: how up to six pages find each other; picture and sound pass elsewhere."""
