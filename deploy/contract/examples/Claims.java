// Prints the evacuation counts that stand, one JSON record a line, in the order of their ids.
//
//     java -cp 'LIBRARIES/*' Claims.java BOOTSTRAP_SERVERS [TOPIC_PREFIX]        (needs kafka-clients, lz4-java, slf4j)

import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

public class Claims {
    record Claim(String sequence, String json) {} // json null: withdrawn

    public static void main(String[] arguments) {
        String topic = (arguments.length > 1 ? arguments[1] : "") + "evacuation.counts";
        Map<String, Object> settings = Map.of("bootstrap.servers", arguments[0], "auto.offset.reset", "earliest");
        Map<String, Claim> claims = new TreeMap<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                .map(one -> new TopicPartition(topic, one.partition())).toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    // Records come at least once, and an old one may come late: the highest sequence holds.
                    var claim = new Claim(sequence(record), record.value());
                    claims.merge(record.key(), claim,
                        (before, after) -> after.sequence().compareTo(before.sequence()) >= 0 ? after : before);
                }
            }
        }
        claims.values().stream().filter(claim -> claim.json() != null).forEach(claim -> System.out.println(claim.json()));
    }

    static String sequence(ConsumerRecord<?, ?> record) {
        var header = record.headers().lastHeader("ce_sequence"); // the first releases wrote none
        return header == null ? "" : new String(header.value(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
