package io.millrace.cli.command;

import io.millrace.cli.tool.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace completion}: completion of commands. Confined to: the main thread. */
@Command(
    name = "millrace completion",
    sortOptions = false,
    description = "Prints a script by which bash or zsh completes commands.",
    footer = {
      "",
      "For this shell only:",
      "  source <(millrace completion bash)",
      "For good:",
      "  millrace completion bash > ~/.millrace-completion",
      "  echo 'source ~/.millrace-completion' >> ~/.bashrc",
      "and for zsh the same with zsh and ~/.zshrc."
    })
final class CompletionCommand implements Callable<Integer> {
  private final Shell shell;

  /** The shells that are known: one script serves both. */
  enum Kind {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Kind kind = Kind.BASH;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  CompletionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    shell.out().print(CompletionScript.make(shell));
    return 0;
  }
}
