"""Parts of the committees' API by what they are about; `api.py` puts them together."""
