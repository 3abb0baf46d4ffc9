"""What is said to those who asked to be called: text messages, in plain language."""
