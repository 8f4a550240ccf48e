"""Those who sign in: accounts, sessions, throttling."""
