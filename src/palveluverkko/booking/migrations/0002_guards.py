"""Nothing is taken twice at one time: see ``booking/guards.py``."""

from django.db import migrations

from palveluverkko.booking import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
