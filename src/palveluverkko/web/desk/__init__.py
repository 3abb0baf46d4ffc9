"""The staff's pages: the adviser's desk, tallies, and the manager's day, rosters and work lists."""
