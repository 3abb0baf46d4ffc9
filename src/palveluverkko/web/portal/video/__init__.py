"""Video at once: into the queue, and from there into the meeting."""
