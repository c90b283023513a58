"""A saved view holds as much as an address does: Chinese words take nine characters a letter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflows", "0016_notes_kept")]

    operations = [
        migrations.AlterField(
            model_name="savedview", name="query", field=models.TextField(blank=True)
        ),
    ]
