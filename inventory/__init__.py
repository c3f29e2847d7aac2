"""What is on the shelf: locations, stock items, movements, allocations."""
