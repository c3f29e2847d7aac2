"""What was bought: carts, orders, their lines, taxes and history."""
