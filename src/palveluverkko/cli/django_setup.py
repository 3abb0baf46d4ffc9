"""Starts Django for a command; imported before any module that touches the database."""

import os
from pathlib import Path

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palveluverkko.config.settings")
django.setup()
# WhiteNoise warns on every start while the folder of collected files is absent.
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
