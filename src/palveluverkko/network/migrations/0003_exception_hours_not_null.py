from django.db import migrations, models


def close_without_times(apps, schema_editor):
    """An open exception that lacks a time was counted as closed: now it says so."""
    rows = apps.get_model("network", "OpeningException").objects.filter(closed=False)
    rows.filter(models.Q(opens=None) | models.Q(closes=None)).update(
        closed=True, opens=None, closes=None
    )


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0002_revision'),
    ]

    operations = [
        migrations.RunPython(close_without_times, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='openingexception',
            name='exception_hours',
        ),
        migrations.AddConstraint(
            model_name='openingexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed', True), ('closes__isnull', True), ('opens__isnull', True)), models.Q(('closed', False), ('closes__isnull', False), ('opens__isnull', False), ('overnight', True)), models.Q(('closed', False), ('closes__gt', models.F('opens')), ('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='exception_hours', violation_error_message='Give both times, the end after the beginning.'),
        ),
    ]
