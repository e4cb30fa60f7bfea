"""What the machine says of itself: log lines and figures for Prometheus."""
