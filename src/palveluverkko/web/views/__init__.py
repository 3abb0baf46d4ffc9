"""One module a page. Views translate: address → query → template; rules live below."""
