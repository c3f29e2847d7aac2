"""Products from files: each format is read into the same rows, and the rows are saved in batches.

rows      what any file says of products, and the report
cells     one cell into one value
shopify, woocommerce, plain, jsonlines     the formats; formats picks one
saving    a batch of rows into the catalogue: products, then variants, then pictures
"""
