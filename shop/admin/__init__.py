"""What all staff pages share: the kinds of page, the navigation, the work queue, the search."""
