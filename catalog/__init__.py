"""What is sold: markets, categories, products, variants, prices, pictures, and the prepared cards that lists are made of."""
