"""What goes in: the feeds to poll (`feeds.toml`), the bundled article, and a server for it (`seeds.server`)."""
