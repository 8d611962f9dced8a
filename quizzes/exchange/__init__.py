"""Questions come from other systems' files and go into them."""
