"""Asking to be called: when, at which number; and the request's own page by its link."""
