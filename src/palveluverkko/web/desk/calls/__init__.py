"""Calls from the web page: the adviser's side."""
