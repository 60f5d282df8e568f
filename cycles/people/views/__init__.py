"""Signing in, one's own account, the invitation to come in, and the place that administrators look after."""
