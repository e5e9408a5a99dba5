"""The local API over HTTP: who may call, one module per plane of routes, the live event stream, the page."""
