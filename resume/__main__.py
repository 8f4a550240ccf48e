"""`python -m resume`: the command line."""

from resume.cli import main

main()
