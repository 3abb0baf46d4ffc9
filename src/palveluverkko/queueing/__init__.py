"""Who is served next, and how long the others wait; pure values."""
