"""The catalogue as a table that goes out, is worked on elsewhere, and comes back.

widgets   one cell into one value and back
columns   which columns there are, and where each one's value lives
pieces    a variant with its product, prices and answers: loaded together, saved together
files     tables from CSV and XLSX files, hostile ones refused
writing   tables into CSV and XLSX files
checking  lines into what they would change
changing  what was found by checking into the catalogue, and back out again
runs      the states of an import
"""
