"""Calls from the web page: the customer's side."""
