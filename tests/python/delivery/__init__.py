"""What leaves the system: reports, exports, uploads, the published copy."""
