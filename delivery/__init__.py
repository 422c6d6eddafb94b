"""What leaves the system: reports, exports, published marts."""
