#!/usr/bin/env python3
"""The project's command line: `./manage.py help` lists the commands."""

from __future__ import annotations

import sys

from gigcx.local.environment import prepare


def main() -> None:
    """Run one management command, with servers of this machine's own unless others are named."""
    prepare(command=sys.argv[1] if len(sys.argv) > 1 else "help")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
