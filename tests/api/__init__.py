"""The HTTP endpoints as docs/api/openapi.yaml describes them."""
