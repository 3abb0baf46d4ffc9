"""Queue numbers: the kiosk, the customer's phone, and the waiting room's screen."""
