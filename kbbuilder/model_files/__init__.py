"""Model files for machines without a key: the catalogue, the folder they are kept in, and ways to fetch them."""
