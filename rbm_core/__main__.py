"""`python -m rbm_core`: the engine on the command line."""

import sys

from rbm_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
