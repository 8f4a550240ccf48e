"""Where people live and pass: districts, compounds, buildings, gates."""
