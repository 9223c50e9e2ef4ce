"""`python -m footnote`: the command line."""

import sys

from footnote.cli import main

if __name__ == "__main__":
    sys.exit(main())
