"""People: staff and customers, their roles, and the policies they agreed to."""
