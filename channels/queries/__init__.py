"""What other services are told about goods: read in chunks, judged item by item."""
