package io.millrace.cli.kafka;

import io.millrace.cli.tool.Release;
import org.apache.kafka.common.utils.internals.AppInfoParser;
import picocli.CommandLine.IVersionProvider;

/** The version as Kafka's tools say it: Kafka's first, since scripts read it. Stateless. */
public final class ToolVersion implements IVersionProvider {
  /** Made by picocli too. */
  public ToolVersion() {}

  @Override
  public String[] getVersion() {
    return new String[] {AppInfoParser.getVersion() + " (Millrace " + Release.version() + ")"};
  }
}
