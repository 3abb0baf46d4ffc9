"""Video rooms at joint points: the room's screen, and the page of the staff there."""
