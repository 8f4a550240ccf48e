"""Reading tables from files: XLSX in a limited child process, CSV in any of its encodings. No Flask, no database."""
