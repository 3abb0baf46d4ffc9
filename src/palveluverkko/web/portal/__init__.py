"""The customers' pages: find service, a point's own page, feeds of its hours."""
