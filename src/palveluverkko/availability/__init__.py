"""When a service can be given: free times from hours, rosters, desks and bookings; pure values."""
