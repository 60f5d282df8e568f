"""What leaders read. The overview and the pack take every figure and every voice from here, so they cannot disagree."""
