"""A signed paper is found by its content: who checks one, or hands one in, has only the bytes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflows", "0009_passages")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["sha256"], name="papers_by_content"),
        ),
    ]
