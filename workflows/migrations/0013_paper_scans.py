"""What is known of viruses in papers without a row of their own, by content."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflows", "0012_interventions")]

    operations = [
        migrations.CreateModel(
            name="PaperScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("of", models.CharField(max_length=64, unique=True)),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("unscanned", "Not scanned for viruses"),
                            ("clean", "No virus found"),
                            ("quarantined", "Being scanned for viruses"),
                            ("infected", "Virus found"),
                        ],
                        max_length=12,
                    ),
                ),
                ("virus", models.CharField(blank=True, max_length=200)),
            ],
            options={"verbose_name": "scan of a paper"},
        ),
    ]
