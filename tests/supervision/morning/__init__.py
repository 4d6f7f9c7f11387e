"""A whole morning with real programs: web server, worker and timer of an installation of their own."""
