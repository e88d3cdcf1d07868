"""`python -m whopays`."""

from whopays.cli import main

if __name__ == "__main__":
    main()
