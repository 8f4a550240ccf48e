"""Reading tables from files: XLSX in a limited child process, CSV in its encodings. No Flask, no db."""
