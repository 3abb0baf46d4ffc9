"""The desk's page as a telephone: what it may call, and what it says."""
