"""Signalling: how the customer's and the adviser's pages find each other; no sound passes here."""
