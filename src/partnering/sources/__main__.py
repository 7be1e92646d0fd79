"""``python -m partnering.sources``: the same as ``partnering source``."""

import sys

from partnering.cli.source import source
from partnering.errors import PartneringError

if __name__ == "__main__":
    try:
        source(prog_name="partnering source")
    except PartneringError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
