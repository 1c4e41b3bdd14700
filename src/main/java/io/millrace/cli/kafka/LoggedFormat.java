package io.millrace.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.tool.Shell;
import java.io.PrintStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/** Prints a record, and says it on the error stream, too. Confined to: the main thread. */
final class LoggedFormat implements RecordFormat {
  private final RecordFormat printed;
  private final Shell shell;

  LoggedFormat(RecordFormat printed, Shell shell) {
    this.printed = printed;
    this.shell = shell;
  }

  @Override
  public void print(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
    printed.print(record, out);
    String time =
        record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE
            ? ""
            : record.timestampType() + ":" + record.timestamp() + ", ";
    String key = record.key() == null ? "null " : new String(record.key(), UTF_8) + ", ";
    String value = record.value() == null ? "null" : new String(record.value(), UTF_8);
    shell.err().println(time + "key:" + key + "value:" + value);
  }
}
