"""The edge kit: pages, words, requests. Knows the web, not the programme."""
