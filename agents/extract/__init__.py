"""The extract stage: an article in, conflict events and evacuation counts out. One engine, languages are packs."""
