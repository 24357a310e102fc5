"""What readers see: addresses, views, syndication feeds, template tags. Reads the models, writes nothing."""
