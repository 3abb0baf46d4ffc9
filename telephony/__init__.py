"""The telephone network in small: what `make demo-telephony` and the tests start."""
