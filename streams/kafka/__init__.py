"""The shell around Faust and Kafka: the only part of `streams` with clocks, sockets and processes."""
