"""Files that people attach: what they are, found out in a limited child process. No database, no HTTP."""
