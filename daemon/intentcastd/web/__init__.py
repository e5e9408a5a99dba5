"""The page: the files that the local API serves to a browser."""
