"""Starts Django for a command; imported before any module that touches the database."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palveluverkko.config.settings")
django.setup()
