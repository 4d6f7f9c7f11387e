"""`python -m bench`: loads many proposals into databases of its own and measures pages and actions over them."""
