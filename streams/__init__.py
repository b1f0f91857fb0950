"""The nouns of the system and how they travel: records, vocabulary, topics, codec, settings, and the Kafka shell."""
