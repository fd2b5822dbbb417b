"""`python -m scrub`: the command line."""

import sys

from scrub.cli import main

sys.exit(main())
