"""What is told of an order, a stock item, a product, a customer: as it stands when it is told."""
