"""What the desk's addresses answer; each view translates a request and shows a page."""
