"""``python -m tests.benchmarks [steps|inbox|groups|visits]``: print the figures.

Those of all parts are kept in var/bench.json.
"""

import os
import sys
from importlib import import_module

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
django.setup()
sys.exit(import_module("tests.benchmarks.measuring").main(sys.argv[1:]))
