"""The process: what the console scripts and `python -m scrub` run."""

import gc
import sys

MANY_OBJECTS = 50_000  # more than a short run makes: loading the program makes no garbage to look for


def main() -> int:
    """Run the command line and give its exit status, spending little on collecting garbage: each full look at what
    a short run leaves behind costs as much time as cleaning its article."""
    gc.set_threshold(MANY_OBJECTS)
    from scrub.cli import main as run

    try:
        return run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
