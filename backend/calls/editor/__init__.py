"""The call editor: any call opened as data, page by page or as text, with its words and its faults beside."""
